package io.clientele.ingest.mapping;

import io.clientele.engine.config.Faults;
import io.clientele.warehouse.Subject;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Turns a source's YAML into a mapping, noting whatever does not fit together. */
final class MappingReader {
    /** Where customers are met. */
    static final List<String> CHANNELS = List.of("crm", "web", "store", "call_centre", "survey", "billing", "campaign");

    /** Columns that the warehouse adds to every record. */
    static final Set<String> RESERVED = Set.of(
            "source",
            "source_file",
            "source_row",
            "batch_id",
            "loaded_at",
            "record_key",
            "record_hash",
            "outcome",
            "is_correction",
            "item",
            "item_number",
            "reasons");

    private final String file;
    private final Path path;
    private final Faults faults;

    MappingReader(Path path, Faults faults) {
        this.path = path;
        this.file = path.toString();
        this.faults = faults;
    }

    Optional<SourceMapping> mapping(SourceYaml yaml) {
        int before = faults.count();
        String name = path.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        if (!name.matches("[a-z][a-z0-9_-]*")) {
            faults.add(file, "", "a file name of a-z, 0-9, - and _ that starts with a letter", "'" + name + "'");
        }
        if (yaml.channel() == null) {
            faults.add(file, "channel", "one of " + String.join(", ", CHANNELS), "nothing");
        } else if (!CHANNELS.contains(yaml.channel())) {
            faults.addUnknown(file, "channel", "channel", yaml.channel(), CHANNELS);
        }
        required("location", yaml.location());
        if (yaml.format() == null) {
            faults.add(file, "format", "one of csv, json, parquet, text, jdbc", "nothing");
        }
        StructType schema = schema(yaml);
        Set<String> names = names(yaml, schema);
        keys(yaml, names);
        rules(yaml, schema);
        database(yaml);
        ZoneId zone = zone(yaml.timeZone());
        Map<Subject, SubjectMapping> subjects = subjects(yaml);
        if (yaml.currency().isBlank()
                && (yaml.amount() != null || subjects.entrySet().stream().anyMatch(MappingReader::money))) {
            faults.add(
                    file,
                    "currency",
                    "a code such as EUR or SQL that gives one, since the source has amounts",
                    "nothing");
        }
        if (!(yaml.maxRefusedShare() >= 0 && yaml.maxRefusedShare() <= 1)) {
            faults.add(file, "max-refused-share", "a share from 0 to 1", "'" + yaml.maxRefusedShare() + "'");
        }
        if (faults.count() > before) {
            return Optional.empty();
        }
        return Optional.of(new SourceMapping(
                name,
                path,
                yaml.channel(),
                yaml.location(),
                yaml.format(),
                yaml.options(),
                schema,
                zone,
                yaml.currency(),
                yaml.parse(),
                yaml.key(),
                yaml.amount(),
                yaml.rules(),
                yaml.references(),
                yaml.maxRefusedShare(),
                subjects));
    }

    private static boolean money(Map.Entry<Subject, SubjectMapping> entry) {
        return entry.getKey().amounts().stream().anyMatch(entry.getValue().columns()::containsKey);
    }

    private void required(String key, String value) {
        if (value == null || value.isBlank()) {
            faults.add(file, key, "a value", "nothing");
        }
    }

    private StructType schema(SourceYaml yaml) {
        StructType schema = new StructType();
        if (yaml.format() == Format.TEXT && yaml.schema().isEmpty()) {
            return schema.add("line", DataTypes.StringType);
        }
        if (yaml.schema().isEmpty()) {
            faults.add(file, "schema", "the delivered columns and their types", "nothing");
        }
        for (Map.Entry<String, String> column : yaml.schema().entrySet()) {
            String key = "schema." + column.getKey();
            DataType type = type(column.getValue());
            if (type == null) {
                faults.add(
                        file,
                        key,
                        "a Spark SQL type such as STRING or ARRAY<STRUCT<a: STRING>>",
                        "'" + column.getValue() + "'");
                continue;
            }
            boolean isText = yaml.format() == Format.CSV || yaml.format() == Format.TEXT;
            if (isText && !type.equals(DataTypes.StringType)) {
                faults.add(
                        file,
                        key,
                        "STRING: columns of " + yaml.format().key() + " stay text until mapped",
                        "'" + column.getValue() + "'");
            }
            schema = schema.add(column.getKey(), type);
        }
        if (yaml.format() == Format.TEXT && !Arrays.equals(schema.fieldNames(), new String[] {"line"})) {
            faults.add(file, "schema", "the one column line", String.join(", ", schema.fieldNames()));
        }
        return schema;
    }

    private static DataType type(String text) {
        try {
            return DataType.fromDDL(text);
        } catch (RuntimeException e) {
            return null;
        } catch (Exception e) {
            if (e instanceof AnalysisException) {
                return null;
            }
            throw new IllegalStateException(e);
        }
    }

    private Set<String> names(SourceYaml yaml, StructType schema) {
        Set<String> names = new TreeSet<>();
        Set<String> lower = new HashSet<>();
        List<String> keys = new ArrayList<>();
        Arrays.stream(schema.fieldNames()).forEach(column -> keys.add("schema." + column));
        yaml.parse().keySet().forEach(parsed -> keys.add("parse." + parsed));
        for (String key : keys) {
            String name = key.substring(key.indexOf('.') + 1);
            if (RESERVED.contains(name.toLowerCase(java.util.Locale.ROOT)) || name.startsWith("_")) {
                faults.add(file, key, "a name that the warehouse does not use itself", "'" + name + "'");
            } else if (!lower.add(name.toLowerCase(java.util.Locale.ROOT))) {
                faults.add(file, key, "a name used once, whatever its case", "'" + name + "' again");
            }
            names.add(name);
        }
        return names;
    }

    private void keys(SourceYaml yaml, Set<String> names) {
        if (yaml.key().isEmpty()) {
            faults.add(file, "key", "the columns that identify a record", "nothing");
        }
        for (int i = 0; i < yaml.key().size(); i++) {
            if (!names.contains(yaml.key().get(i))) {
                faults.addUnknown(
                        file,
                        "key[" + i + "]",
                        "column or parsed name",
                        yaml.key().get(i),
                        names);
            }
        }
    }

    private void rules(SourceYaml yaml, StructType schema) {
        Set<String> seen = new HashSet<>(Set.of("malformed", "key-present", "unknown-currency"));
        for (int i = 0; i < yaml.rules().size(); i++) {
            Rule rule = yaml.rules().get(i);
            String key = "rules[" + i + "]";
            required(key + ".name", rule.name());
            required(key + ".check", rule.check());
            required(key + ".message", rule.message());
            if (rule.name() != null && !seen.add(rule.name())) {
                faults.add(file, key + ".name", "a name of its own", "'" + rule.name() + "' again");
            }
            List<String> columns = List.of(schema.fieldNames());
            if (rule.column() != null && !columns.contains(rule.column())) {
                faults.addUnknown(file, key + ".column", "column", rule.column(), columns);
            }
        }
        for (int i = 0; i < yaml.references().size(); i++) {
            Reference reference = yaml.references().get(i);
            String key = "references[" + i + "]";
            required(key + ".name", reference.name());
            required(key + ".keys", reference.keys());
            required(key + ".message", reference.message());
            if (reference.name() != null && !seen.add(reference.name())) {
                faults.add(file, key + ".name", "a name of its own", "'" + reference.name() + "' again");
            }
            if (!"product".equals(reference.subject())) {
                faults.add(file, key + ".subject", "product", "'" + reference.subject() + "'");
            }
        }
    }

    private void database(SourceYaml yaml) {
        if (yaml.format() != Format.JDBC) {
            return;
        }
        if (yaml.location() != null && !yaml.location().startsWith("jdbc:")) {
            faults.add(file, "location", "an address that starts with jdbc:", "'" + yaml.location() + "'");
        }
        if (yaml.location() != null && yaml.location().matches("(?is).*(password=|//[^/@]*:[^/@]*@).*")) {
            faults.add(
                    file,
                    "location",
                    "no password; name an environment variable in options.password-env",
                    "a password");
        }
        required("options.table", yaml.options().table());
        String watermark = yaml.options().watermark();
        if (watermark != null && !yaml.schema().containsKey(watermark)) {
            faults.addUnknown(
                    file,
                    "options.watermark",
                    "column",
                    watermark,
                    yaml.schema().keySet());
        }
    }

    private ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            faults.addUnknown(file, "time-zone", "time zone", name, nearby(name));
            return null;
        }
    }

    private static Set<String> nearby(String name) {
        Set<String> zones = new TreeSet<>(Set.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"));
        io.clientele.engine.config.Suggestion.closest(name, ZoneId.getAvailableZoneIds())
                .ifPresent(zones::add);
        return zones;
    }

    private Map<Subject, SubjectMapping> subjects(SourceYaml yaml) {
        Map<Subject, SubjectMapping> subjects = new LinkedHashMap<>();
        List<String> known = Arrays.stream(Subject.values()).map(Subject::key).toList();
        if (yaml.subjects().isEmpty()) {
            faults.add(file, "subjects", "at least one of " + String.join(", ", known), "nothing");
        }
        yaml.subjects().forEach((name, mapping) -> {
            String key = "subjects." + name;
            if (!known.contains(name)) {
                faults.addUnknown(file, key, "subject", name, known);
                return;
            }
            Subject subject = Subject.valueOf(name.toUpperCase(java.util.Locale.ROOT));
            columns(subject, mapping, key);
            subjects.put(subject, mapping);
        });
        return subjects;
    }

    private void columns(Subject subject, SubjectMapping mapping, String key) {
        List<String> known = List.of(subject.schema().fieldNames());
        for (String column : mapping.columns().keySet()) {
            if (!known.contains(column)) {
                faults.addUnknown(file, key + ".columns." + column, "column of " + subject.key(), column, known);
            }
        }
        for (String column : subject.required()) {
            if (!mapping.columns().containsKey(column)) {
                faults.add(file, key + ".columns." + column, "an expression: the column is required", "nothing");
            }
        }
        boolean hasCustomer = subject != Subject.CUSTOMER && known.contains("source_customer_key");
        if (mapping.customerOf() != null && !hasCustomer) {
            faults.add(
                    file,
                    key + ".customer-of",
                    "no such key, since " + subject.key() + " has no customer of another source",
                    "it");
        }
    }
}
