package io.clientele.engine.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a YAML file into a record. What the file does not mention keeps its default, however deep; lists are replaced as
 * a whole, maps are merged. Record components are named in kebab case. Unknown and repeated keys, wrong types and what a
 * record's constructor refuses by an {@link IllegalArgumentException} are faults.
 */
public final class Yaml {
  private static final ObjectReader READER =
      new YAMLMapper(YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .reader()
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Yaml() {}

  /** The file's content over the defaults; throws one configuration error with all faults. */
  public static <T extends Record> T read(Path file, T defaults) {
    Faults faults = new Faults();
    Optional<T> value = read(file, defaults, faults);
    faults.throwIfAny();
    return value.orElseThrow();
  }

  /** The file's content over the defaults, or nothing when faults were noted. A missing file is a fault. */
  public static <T extends Record> Optional<T> read(Path file, T defaults, Faults faults) {
    Optional<JsonNode> tree = tree(file, faults);
    return tree.flatMap(node -> bind(file, node, defaults, faults));
  }

  /** A tree, for example one part of a file, over the defaults. */
  public static <T extends Record> Optional<T> bind(Path file, JsonNode tree, T defaults, Faults faults) {
    int before = faults.count();
    Object value = new Binding(file.toString(), faults).bind(defaults.getClass(), tree, defaults, "");
    @SuppressWarnings("unchecked")
    T typed = (T) value;
    return faults.count() > before ? Optional.empty() : Optional.of(typed);
  }

  /** The file as a tree; an empty file gives a missing node. */
  public static Optional<JsonNode> tree(Path file, Faults faults) {
    if (!Files.isReadable(file)) {
      faults.add(file.toString(), "", "a readable file", Files.exists(file) ? "no permission to read it" : "no file");
      return Optional.empty();
    }
    try {
      JsonNode tree = READER.readTree(Files.readAllBytes(file));
      return Optional.of(tree == null ? MissingNode.getInstance() : tree);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      faults.add(file.toString(), "", "YAML", brief(e.getOriginalMessage()) + where);
      return Optional.empty();
    } catch (IOException e) {
      faults.add(file.toString(), "", "a readable file", e.getClass().getSimpleName());
      return Optional.empty();
    }
  }

  private static String brief(String message) {
    return message.lines().findFirst().orElse("none").strip();
  }
}
