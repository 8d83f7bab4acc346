package io.clientele.ingest.mapping;

import io.clientele.engine.config.Faults;
import io.clientele.engine.config.Yaml;
import io.clientele.engine.error.ClienteleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the sources of a configuration. */
public final class SourceMappings {
  private SourceMappings() {}

  /**
   * All sources in {@code <conf>/sources}, by name. Throws one configuration error that lists every fault of every file.
   */
  public static List<SourceMapping> read(Path confDirectory) {
    Faults faults = new Faults();
    List<SourceMapping> mappings = read(confDirectory, faults);
    faults.throwIfAny();
    return mappings;
  }

  /** The sound sources in {@code <conf>/sources}, by name; faults are noted, so that others can be listed with them. */
  public static List<SourceMapping> read(Path confDirectory, Faults faults) {
    Path directory = confDirectory.resolve("sources");
    if (!Files.isDirectory(directory)) {
      faults.add(directory.toString(), "", "a directory with one YAML file per source", "none");
      return List.of();
    }
    List<SourceMapping> mappings = new ArrayList<>();
    int before = faults.count();
    for (Path file : files(directory)) {
      if (file.getFileName().toString().endsWith(".yaml")) {
        faults.add(file.toString(), "", "a name that ends in .yml", "'" + file.getFileName() + "'");
      } else {
        one(file, faults).ifPresent(mappings::add);
      }
    }
    if (mappings.isEmpty() && faults.count() == before) {
      faults.add(directory.toString(), "", "at least one source, such as store.yml", "no .yml file");
    }
    checkTogether(mappings, faults);
    return mappings;
  }

  /** One file, for {@code source check}. */
  public static SourceMapping readOne(Path file) {
    Faults faults = new Faults();
    Optional<SourceMapping> mapping = one(file, faults);
    faults.throwIfAny();
    return mapping.orElseThrow();
  }

  private static Optional<SourceMapping> one(Path file, Faults faults) {
    return Yaml.read(file, SourceYaml.DEFAULTS, faults).flatMap(yaml -> new MappingReader(file, faults).mapping(yaml));
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".yml") || file.toString().endsWith(".yaml"))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(file -> file.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw ClienteleException.environment("Cannot list %s: %s", directory, e.getClass().getSimpleName()).causedBy(e);
    }
  }

  private static void checkTogether(List<SourceMapping> mappings, Faults faults) {
    List<String> names = mappings.stream().map(SourceMapping::name).toList();
    Map<String, String> tables = new HashMap<>();
    for (SourceMapping mapping : mappings) {
      String other = tables.put(mapping.rawName(), mapping.name());
      if (other != null) {
        faults.add(
            mapping.file().toString(), "", "a table of its own", "raw." + mapping.rawName() + ", which " + other + " has");
      }
      mapping
          .subjects()
          .forEach(
              (subject, columns) -> {
                if (columns.customerOf() != null && !names.contains(columns.customerOf())) {
                  String key = "subjects." + subject.key() + ".customer-of";
                  faults.addUnknown(mapping.file().toString(), key, "source", columns.customerOf(), names);
                }
              });
    }
  }
}
