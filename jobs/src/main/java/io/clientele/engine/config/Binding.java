package io.clientele.engine.config;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Binds a tree to records, maps, lists and scalars, noting every fault with the path of its key. */
final class Binding {
  private static final ObjectMapper SCALARS =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  private final String file;
  private final Faults faults;

  Binding(String file, Faults faults) {
    this.file = file;
    this.faults = faults;
  }

  /** The value of a type, or the default where the tree says nothing; null after a fault. */
  Object bind(Type type, JsonNode node, Object fallback, String path) {
    if (node == null || node.isMissingNode() || node.isNull()) {
      return fallback == null && type instanceof Class<?> c && c.isRecord() && node != null
          ? fault(path, "keys", "nothing")
          : fallback;
    }
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      if (Map.class.isAssignableFrom(raw)) {
        return map(generic.getActualTypeArguments(), node, (Map<?, ?>) fallback, path);
      }
      if (Collection.class.isAssignableFrom(raw)) {
        return list(generic.getActualTypeArguments()[0], node, path);
      }
    }
    if (type instanceof Class<?> c && c.isRecord()) {
      return record(c, node, fallback, path);
    }
    return scalar(SCALARS.constructType(type), node, path);
  }

  private Object record(Class<?> type, JsonNode node, Object fallback, String path) {
    if (!node.isObject()) {
      return fault(path, "keys", describe(node));
    }
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(c -> kebab(c.getName())).toList();
    int before = faults.count();
    for (String key : new TreeSet<>(names(node))) {
      if (!known.contains(key)) {
        faults.addUnknown(file, join(path, key), "key", key, known);
      }
    }
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      Object own = fallback == null ? null : call(component, fallback);
      String at = join(path, known.get(i));
      values[i] = bind(component.getGenericType(), node.get(known.get(i)), own, at);
      if (values[i] == null && component.getType().isPrimitive() && faults.count() == before) {
        fault(at, "a value", "nothing");
      }
    }
    return faults.count() > before ? null : construct(type, components, values, path);
  }

  private Object construct(Class<?> type, RecordComponent[] components, Object[] values, String path) {
    try {
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException || e.getCause() instanceof NullPointerException) {
        return fault(path, "a valid value", String.valueOf(e.getCause().getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object call(RecordComponent component, Object instance) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(instance);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object map(Type[] types, JsonNode node, Map<?, ?> fallback, String path) {
    if (!node.isObject()) {
      return fault(path, "keys", describe(node));
    }
    Map<Object, Object> values = new LinkedHashMap<>(fallback == null ? Map.of() : fallback);
    for (String name : names(node)) {
      Object key = types[0] == String.class ? name : scalar(SCALARS.constructType(types[0]), text(name), join(path, name));
      Object value = bind(types[1], node.get(name), values.get(key), join(path, name));
      if (key != null && value != null) {
        values.put(key, value);
      }
    }
    return values;
  }

  private static JsonNode text(String value) {
    return SCALARS.getNodeFactory().textNode(value);
  }

  private Object list(Type type, JsonNode node, String path) {
    if (!node.isArray()) {
      return fault(path, "a list", describe(node));
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      Object value = bind(type, node.get(i), null, path + "[" + i + "]");
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private Object scalar(JavaType type, JsonNode node, String path) {
    try {
      if (node.isContainerNode()) {
        return fault(path, name(type), describe(node));
      }
      return SCALARS.convertValue(node, type);
    } catch (IllegalArgumentException e) {
      if (type.isEnumType() && node.isTextual()) {
        List<String> known =
            Arrays.stream(type.getRawClass().getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .toList();
        faults.addUnknown(file, path, "value", node.asText(), known);
        return null;
      }
      return fault(path, name(type), describe(node));
    }
  }

  private Object fault(String path, String expected, String found) {
    faults.add(file, path, expected, found);
    return null;
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String name(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (raw == boolean.class || raw == Boolean.class) {
      return "true or false";
    }
    if (raw == int.class || raw == long.class || raw == Integer.class || raw == Long.class) {
      return "a whole number";
    }
    if (raw == double.class || Number.class.isAssignableFrom(raw)) {
      return "a number";
    }
    return switch (raw.getSimpleName()) {
      case "String" -> "text";
      case "LocalDate" -> "a date (2026-01-31)";
      default -> "a " + raw.getSimpleName();
    };
  }

  private static String describe(JsonNode node) {
    if (node.isObject()) {
      return "keys";
    }
    return node.isArray() ? "a list" : "'" + node.asText() + "'";
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** {@code maxRefusedShare} to {@code max-refused-share}. */
  static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
