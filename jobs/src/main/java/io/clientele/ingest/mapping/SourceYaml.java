package io.clientele.ingest.mapping;

import java.util.List;
import java.util.Map;

/** The keys of a source's YAML, as written. */
record SourceYaml(
    String channel,
    String location,
    Format format,
    SourceOptions options,
    Map<String, String> schema,
    String timeZone,
    String currency,
    Map<String, String> parse,
    List<String> key,
    String amount,
    List<Rule> rules,
    List<Reference> references,
    double maxRefusedShare,
    Map<String, SubjectMapping> subjects) {

  static final SourceYaml DEFAULTS =
      new SourceYaml(
          null,
          null,
          null,
          SourceOptions.DEFAULTS,
          Map.of(),
          "UTC",
          "",
          Map.of(),
          List.of(),
          null,
          List.of(),
          List.of(),
          0.1,
          Map.of());
}
