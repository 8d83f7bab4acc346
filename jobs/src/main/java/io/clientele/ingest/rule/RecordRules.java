package io.clientele.ingest.rule;

import static io.clientele.ingest.read.RecordColumns.AMOUNT;
import static io.clientele.ingest.read.RecordColumns.CURRENCY;
import static io.clientele.ingest.read.RecordColumns.MALFORMED;
import static io.clientele.ingest.read.RecordColumns.PAYLOAD;
import static io.clientele.ingest.read.RecordColumns.REASONS;
import static io.clientele.ingest.read.RecordColumns.RECORD_HASH;
import static io.clientele.ingest.read.RecordColumns.RECORD_KEY;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.clientele.ingest.CurrencyRates;
import io.clientele.ingest.mapping.Expressions;
import io.clientele.ingest.mapping.Reference;
import io.clientele.ingest.mapping.Rule;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/** Judges records: which are accepted, which came before, which are refused and why. */
public final class RecordRules {
    private static final int PASSED = 0;
    private static final int FAILED = 1;
    private static final int NOT_EVALUATED = 2;
    private static final String REASONS_TYPE = "array<struct<rule:string,column:string,message:string>>";

    private final SourceMapping mapping;
    private final Expressions expressions;
    private final List<Column> states = new ArrayList<>();
    private final List<Column> reasons = new ArrayList<>();

    private RecordRules(SourceMapping mapping, Expressions expressions) {
        this.mapping = mapping;
        this.expressions = expressions;
    }

    /**
     * The records with parsed names, {@code _amount}, {@code _currency}, {@code reasons}, {@code record_key},
     * {@code record_hash}, {@code outcome}, {@code is_correction}. Runs a first pass that looks for repeated keys.
     *
     * @param records as read
     * @param rates which currencies are known
     * @param knownProducts column product_id; null where products are not known yet: references are then not checked
     * @param earlier what became of records in earlier batches
     * @param isKept whether the judged records are kept until the job ends, so that they are read once; for few, and for
     *     what may change between two readings
     */
    public static Dataset<Row> evaluate(
            Dataset<Row> records,
            SourceMapping mapping,
            CurrencyRates rates,
            Dataset<Row> knownProducts,
            Earlier earlier,
            boolean isKept) {
        Set<Object> known = knownProducts == null || mapping.references().isEmpty() ? null : collected(knownProducts);
        UnaryOperator<Dataset<Row>> rules = some -> reasons(some, mapping, rates, known);
        return RepeatedKeys.outcomes(records, rules, mapping, earlier, isKept);
    }

    private static Set<Object> collected(Dataset<Row> products) {
        Set<Object> known = new HashSet<>();
        products.select(col("product_id").cast("string"))
                .where(col("product_id").isNotNull())
                .distinct()
                .toLocalIterator()
                .forEachRemaining(row -> known.add(UTF8String.fromString(row.getString(0))));
        return known;
    }

    /** The records with parsed names, amount, currency, reasons, key and hash: all but the comparison with others. */
    static Dataset<Row> reasons(
            Dataset<Row> records, SourceMapping mapping, CurrencyRates rates, Set<Object> knownProducts) {
        Expressions expressions = new Expressions(records.sparkSession(), mapping.timeZone());
        Dataset<Row> parsed = Parsing.parse(records, mapping)
                .withColumn(AMOUNT, Parsing.amount(mapping, expressions))
                .withColumn(CURRENCY, Parsing.currency(mapping, expressions));
        RecordRules rules = new RecordRules(mapping, expressions);
        rules.add(
                "malformed",
                null,
                col(MALFORMED),
                when(col(MALFORMED).isNotNull(), FAILED).otherwise(PASSED));
        for (String key : mapping.key()) {
            rules.add(
                    "key-present",
                    key,
                    lit("the key is missing"),
                    rules.ifReadable(col("`" + key + "`").isNotNull()));
        }
        if (!mapping.currency().isBlank()) {
            rules.currency(rates);
        }
        for (Rule rule : mapping.rules()) {
            Column check = state(expressions.column(rule.check()));
            Column applies = rule.when() == null ? null : coalesce(expressions.column(rule.when()), lit(false));
            Column state = applies == null ? check : when(applies, check).otherwise(PASSED);
            rules.add(
                    rule.name(),
                    rule.column(),
                    lit(rule.message()),
                    when(col(MALFORMED).isNotNull(), PASSED).otherwise(state));
        }
        if (knownProducts != null) {
            for (Reference reference : mapping.references()) {
                Column state = state(rules.isKnown(parsed, reference, knownProducts));
                rules.add(
                        reference.name(),
                        null,
                        lit(reference.message()),
                        when(col(MALFORMED).isNotNull(), PASSED).otherwise(state));
            }
        }
        rules.identities();
        return rules.apply(parsed);
    }

    private static Column state(Column check) {
        return when(check, PASSED).when(check.isNull(), NOT_EVALUATED).otherwise(FAILED);
    }

    private Column ifReadable(Column check) {
        return when(col(MALFORMED).isNotNull().or(check), PASSED).otherwise(FAILED);
    }

    private void currency(CurrencyRates rates) {
        Column known = col(CURRENCY).isin(rates.known().toArray());
        String message = "no rate for the record's currency; rates are set for " + String.join(", ", rates.known());
        Column matters = mapping.amount() == null || mapping.hasOneCurrency()
                ? lit(true)
                : col(AMOUNT).isNotNull().or(col(CURRENCY).isNotNull());
        add(
                "unknown-currency",
                null,
                lit(message),
                when(matters, ifReadable(coalesce(known, lit(false)))).otherwise(PASSED));
    }

    /** Without its identity a row of a subject cannot be kept; customers without a key just say nothing. */
    private void identities() {
        mapping.subjects().forEach((subject, columns) -> {
            if (columns.explode() != null) {
                return;
            }
            for (String column : SubjectRows.identity(subject)) {
                Column value = expressions
                        .column(columns.columns().get(column))
                        .cast(subject.schema().apply(column).dataType());
                Column ok = value.isNotNull();
                if (columns.when() != null) {
                    ok = ok.or(functions.not(coalesce(expressions.column(columns.when()), lit(false))));
                }
                if (SubjectRows.isOptional(subject) && !column.equals("source_customer_key")) {
                    ok = ok.or(expressions
                            .column(columns.columns().get("source_customer_key"))
                            .isNull());
                }
                add(
                        "required-" + subject.key() + "-" + column,
                        null,
                        lit("no value for " + subject.key() + "." + column),
                        ifReadable(ok));
            }
        });
    }

    private Column isKnown(Dataset<Row> parsed, Reference reference, Set<Object> known) {
        Column keys = expressions.column(reference.keys());
        boolean isArray = parsed.select(keys.as("k")).schema().apply("k").dataType() instanceof ArrayType;
        return isArray ? functions.forall(keys, key -> in(key.cast("string"), known)) : in(keys.cast("string"), known);
    }

    private static Column in(Column key, Set<Object> known) {
        scala.collection.immutable.Set<Object> set =
                CollectionConverters.asScala(known).toSet();
        return ExpressionUtils.column(new InSet(ExpressionUtils.expression(key), set));
    }

    private void add(String rule, String column, Column message, Column state) {
        String name = "_rule_" + states.size();
        states.add(state.as(name));
        Column text = when(
                        col(name).equalTo(NOT_EVALUATED),
                        functions.concat(message, lit(" (not evaluated: the check gave null)")))
                .otherwise(message);
        reasons.add(when(
                col(name).notEqual(PASSED),
                struct(lit(rule).as("rule"), lit(column).cast("string").as("column"), text.as("message"))));
    }

    private Dataset<Row> apply(Dataset<Row> parsed) {
        List<Column> evaluated = new ArrayList<>(List.of(col("*")));
        evaluated.addAll(states);
        Column[] keys = mapping.key().stream().map(k -> col("`" + k + "`")).toArray(Column[]::new);
        Column hasKey = java.util.Arrays.stream(keys)
                .map(Column::isNotNull)
                .reduce(Column::and)
                .orElseThrow();
        evaluated.add(when(hasKey.and(col(MALFORMED).isNull()), xxhash64(keys)).as(RECORD_KEY));
        evaluated.add(xxhash64(col(PAYLOAD)).as(RECORD_HASH));
        Column failed = lit(0);
        for (int i = 0; i < states.size(); i++) {
            failed = failed.plus(col("_rule_" + i));
        }
        Column list = array_compact(array(reasons.toArray(Column[]::new)));
        String[] helpers = new String[states.size()];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = "_rule_" + i;
        }
        return parsed.select(evaluated.toArray(Column[]::new))
                .withColumn(
                        REASONS,
                        when(failed.gt(0), list)
                                .otherwise(array().cast(REASONS_TYPE))
                                .cast(REASONS_TYPE))
                .drop(helpers);
    }
}
