package io.clientele.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.ingest.mapping.MappingCheck;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.DeliveredFiles;
import io.clientele.ingest.read.Delivery;
import io.clientele.ingest.read.RecordColumns;
import io.clientele.ingest.read.RecordReader;
import io.clientele.ingest.rule.Balance;
import io.clientele.ingest.rule.Earlier;
import io.clientele.ingest.rule.RecordRules;
import io.clientele.ingest.rule.SubjectRows;
import io.clientele.warehouse.Subject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/** What a mapping would make of its data, as text, before anything is loaded. */
public final class SourceCheck {
    private static final int EXAMPLES = 3;

    private SourceCheck() {}

    /**
     * The report.
     *
     * @param text what a person reads; names files and rows, never values
     * @param wouldLoad whether the share of refused records is within its limit
     */
    public record Report(String text, boolean wouldLoad) {}

    /** Reads all files that match, as if nothing had ever been loaded. Products may be null: references go unchecked. */
    public static Report report(
            SparkSession session,
            SourceMapping mapping,
            String inputRoot,
            CurrencyRates rates,
            Dataset<Row> knownProducts) {
        MappingCheck.check(session, List.of(mapping));
        Delivery delivery = DeliveredFiles.find(session, mapping, inputRoot, null, Instant.EPOCH);
        RecordReader.Records records = RecordReader.read(session, mapping, delivery, null);
        Dataset<Row> judged = RecordRules.evaluate(records.rows(), mapping, rates, knownProducts, Earlier.NONE, false)
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            List<Row> balance = Balance.of(judged, mapping, "check", "check")
                    .orderBy("currency")
                    .collectAsList();
            StringBuilder text = new StringBuilder(
                    "Source " + mapping.name() + ", " + delivery.files().size() + " files\n");
            List<String> notices = new ArrayList<>(delivery.notices());
            notices.addAll(records.notices());
            if (knownProducts == null && !mapping.references().isEmpty()) {
                notices.add("no products are known yet: references are not checked");
            }
            notices.forEach(notice -> text.append("  notice: ").append(notice).append('\n'));
            boolean wouldLoad = balance(text, balance, mapping);
            reasons(text, judged);
            subjects(text, judged, mapping, rates);
            text.append(wouldLoad ? "This would be loaded.\n" : "This would not be loaded: too much is refused.\n");
            return new Report(text.toString(), wouldLoad);
        } finally {
            judged.unpersist();
        }
    }

    private static boolean balance(StringBuilder text, List<Row> balance, SourceMapping mapping) {
        long read = 0;
        long refused = 0;
        for (String kind : List.of("read", "accepted", "duplicate", "quarantined")) {
            long rows = balance.stream()
                    .mapToLong(row -> row.<Long>getAs("rows_" + kind))
                    .sum();
            read = kind.equals("read") ? rows : read;
            refused = kind.equals("quarantined") ? rows : refused;
            text.append(String.format(Locale.ROOT, "  %-12s %,12d records", kind, rows));
            for (Row row : balance) {
                BigDecimal money = row.getAs("amount_" + kind);
                if (!row.getAs("currency").equals("XXX") || money.signum() != 0) {
                    text.append(String.format(Locale.ROOT, "  %,18.2f %s", money, row.<String>getAs("currency")));
                }
            }
            text.append('\n');
        }
        double share = read == 0 ? 0 : (double) refused / read;
        text.append(String.format(
                Locale.ROOT, "  refused share %.1f %%, limit %.1f %%%n", share * 100, mapping.maxRefusedShare() * 100));
        return share <= mapping.maxRefusedShare();
    }

    private static void reasons(StringBuilder text, Dataset<Row> judged) {
        Dataset<Row> reasons = judged.where(col(RecordColumns.OUTCOME).equalTo("quarantined"))
                .select(
                        functions.explode(col("reasons")).as("reason"),
                        functions.struct("source_file", "source_row").as("place"));
        List<Row> rows = reasons.groupBy("reason.rule", "reason.column", "reason.message")
                .agg(functions.count(lit(1)).as("n"))
                .orderBy(col("n").desc(), col("rule"))
                .collectAsList();
        for (Row row : rows) {
            var same = reasons.where(col("reason.rule")
                    .equalTo(row.getString(0))
                    .and(col("reason.message").equalTo(row.getString(2))));
            List<String> places = same
                    .select("place.*")
                    .distinct()
                    .orderBy("source_file", "source_row")
                    .limit(EXAMPLES)
                    .collectAsList()
                    .stream()
                    .map(place -> place.isNullAt(1) ? place.getString(0) : place.getString(0) + ":" + place.getLong(1))
                    .toList();
            String column = row.isNullAt(1) ? "" : " (" + row.getString(1) + ")";
            text.append(String.format(
                    Locale.ROOT,
                    "  %,8d x %s%s: %s; %s%n",
                    row.<Long>getAs("n"),
                    row.getString(0),
                    column,
                    row.getString(2),
                    String.join(", ", places)));
        }
    }

    private static void subjects(StringBuilder text, Dataset<Row> judged, SourceMapping mapping, CurrencyRates rates) {
        Dataset<Row> accepted = RawTables.rows(
                judged.where(col(RecordColumns.OUTCOME).equalTo("accepted")), mapping, "check", Instant.EPOCH);
        for (Subject subject : mapping.subjects().keySet()) {
            Dataset<Row> rows = SubjectRows.of(accepted, mapping, subject, rates);
            List<String> columns =
                    new ArrayList<>(mapping.subjects().get(subject).columns().keySet());
            var counts = columns.stream()
                    .map(c -> functions.count(col(c)).as(c))
                    .toArray(org.apache.spark.sql.Column[]::new);
            Row row = rows.agg(functions.count(lit(1)).as("_n"), counts).first();
            text.append(String.format(Locale.ROOT, "  %-16s %,12d rows; filled:", subject.key(), row.getLong(0)));
            for (int i = 0; i < columns.size(); i++) {
                long filled = row.getLong(i + 1);
                text.append(String.format(
                        Locale.ROOT,
                        " %s %d %%",
                        columns.get(i),
                        row.getLong(0) == 0 ? 0 : 100 * filled / row.getLong(0)));
            }
            text.append('\n');
        }
    }
}
