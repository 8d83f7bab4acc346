package io.clientele.ingest.mapping;

import io.clientele.engine.config.Fault;
import io.clientele.engine.config.Faults;
import io.clientele.engine.config.Suggestion;
import io.clientele.warehouse.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/** Analyses every SQL expression of a mapping against the declared schema, without reading any data. */
public final class MappingCheck {
    private final SparkSession session;
    private final SourceMapping mapping;
    private final Expressions expressions;
    private final Faults faults;

    private MappingCheck(SparkSession session, SourceMapping mapping, Faults faults) {
        this.session = session;
        this.mapping = mapping;
        this.expressions = new Expressions(session, mapping.timeZone());
        this.faults = faults;
    }

    /** Throws one configuration error with every fault of every mapping. */
    public static void check(SparkSession session, Collection<SourceMapping> mappings) {
        Faults faults = new Faults();
        check(session, mappings, faults);
        faults.throwIfAny();
    }

    /** Notes every fault of every mapping. */
    public static void check(SparkSession session, Collection<SourceMapping> mappings, Faults faults) {
        mappings.forEach(mapping -> new MappingCheck(session, mapping, faults).check());
    }

    private void check() {
        Dataset<Row> records = session.createDataFrame(
                List.<Row>of(),
                mapping.schema().add("source_file", DataTypes.StringType).add("source_row", DataTypes.LongType));
        for (Map.Entry<String, String> entry : mapping.parse().entrySet()) {
            DataType type = analyse(records, "parse." + entry.getKey(), entry.getValue());
            Column value = type == null ? functions.lit(null) : expressions.column(entry.getValue());
            records = records.withColumn(entry.getKey(), value);
        }
        if (!mapping.currency().isBlank() && !mapping.hasOneCurrency()) {
            expect(records, "currency", mapping.currency(), DataTypes.StringType);
        }
        expect(records, "amount", mapping.amount(), DataTypes.createDecimalType(18, 4));
        for (int i = 0; i < mapping.rules().size(); i++) {
            Rule rule = mapping.rules().get(i);
            condition(records, "rules[" + i + "].when", rule.when());
            condition(records, "rules[" + i + "].check", rule.check());
        }
        for (int i = 0; i < mapping.references().size(); i++) {
            analyse(
                    records,
                    "references[" + i + "].keys",
                    mapping.references().get(i).keys());
        }
        for (Map.Entry<Subject, SubjectMapping> entry : mapping.subjects().entrySet()) {
            subject(records, entry.getKey(), entry.getValue());
        }
    }

    private void subject(Dataset<Row> records, Subject subject, SubjectMapping columns) {
        String key = "subjects." + subject.key();
        Dataset<Row> rows = records;
        if (columns.explode() != null) {
            DataType type = analyse(records, key + ".explode", columns.explode());
            if (type == null) {
                return;
            }
            if (!(type instanceof ArrayType array)) {
                faults.add(file(), key + ".explode", "an array", type.sql() + " of " + columns.explode());
                return;
            }
            rows = records.withColumn("item", functions.lit(null).cast(array.elementType()))
                    .withColumn("item_number", functions.lit(1));
        }
        condition(rows, key + ".when", columns.when());
        for (Map.Entry<String, String> column : columns.columns().entrySet()) {
            expect(
                    rows,
                    key + ".columns." + column.getKey(),
                    column.getValue(),
                    subject.schema().apply(column.getKey()).dataType());
        }
    }

    private void condition(Dataset<Row> records, String key, String sql) {
        DataType type = analyse(records, key, sql);
        if (type != null && !type.equals(DataTypes.BooleanType) && !type.equals(DataTypes.NullType)) {
            faults.add(file(), key, "a condition (BOOLEAN)", type.sql() + " of " + sql);
        }
    }

    private void expect(Dataset<Row> records, String key, String sql, DataType wanted) {
        DataType type = analyse(records, key, sql);
        if (type != null && !Cast.canCast(type, wanted)) {
            faults.add(file(), key, "something that can become " + wanted.sql(), type.sql() + " of " + sql);
        }
    }

    /** The type of the expression; null where there is none or a fault was noted. */
    private DataType analyse(Dataset<Row> records, String key, String sql) {
        if (sql == null) {
            return null;
        }
        try {
            Dataset<Row> analysed = records.select(expressions.parse(sql).as("value"));
            var plan = ((org.apache.spark.sql.classic.Dataset<Row>) analysed)
                    .queryExecution()
                    .analyzed();
            if (!(plan instanceof Project)) {
                faults.add(file(), key, "an expression over one record", "an aggregate, window or generator: " + sql);
                return null;
            }
            return analysed.schema().apply("value").dataType();
        } catch (ParseException e) {
            faults.add(file(), key, "Spark SQL", brief(e.getSimpleMessage(), sql));
        } catch (Exception e) {
            if (!(e instanceof AnalysisException analysis)) {
                throw e;
            }
            noted(key, sql, analysis, records);
        }
        return null;
    }

    private void noted(String key, String sql, AnalysisException failure, Dataset<Row> records) {
        String condition = String.valueOf(failure.getCondition());
        Map<String, String> parameters = failure.getMessageParameters();
        if (condition.startsWith("UNRESOLVED_COLUMN") || condition.startsWith("FIELD_NOT_FOUND")) {
            String name = plain(parameters.getOrDefault("objectName", parameters.getOrDefault("fieldName", "")));
            List<String> known = new ArrayList<>(List.of(records.columns()));
            String near = Suggestion.closest(name.substring(name.lastIndexOf('.') + 1), known)
                    .orElse(null);
            faults.add(new Fault(
                    file(),
                    key,
                    "columns, parsed names" + (known.contains("item") ? ", item" : ""),
                    "unknown '" + name + "' in " + sql,
                    near));
        } else if (condition.startsWith("UNRESOLVED_ROUTINE")) {
            String name = plain(parameters.getOrDefault("routineName", ""));
            faults.add(new Fault(
                    file(),
                    key,
                    "a function of Spark SQL",
                    "unknown '" + name + "' in " + sql,
                    Suggestion.closest(name, routines()).orElse(null)));
        } else {
            faults.add(file(), key, "Spark SQL", brief(failure.getSimpleMessage(), sql));
        }
    }

    private Collection<String> routines() {
        var registry = ((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .functionRegistry();
        TreeSet<String> names = new TreeSet<>();
        CollectionConverters.asJava(registry.listFunction()).forEach(function -> names.add(function.funcName()));
        return names;
    }

    private static String plain(String name) {
        return name.replace("`", "");
    }

    private static String brief(String message, String sql) {
        String line = message.lines()
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("")
                .replaceAll("\\s*SQLSTATE.*", "");
        return "'" + sql + "': " + line.strip();
    }

    private String file() {
        return mapping.file().toString();
    }
}
