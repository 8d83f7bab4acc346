package io.clientele.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import io.clientele.engine.JobInputs;
import io.clientele.engine.Reuse;
import io.clientele.engine.TableRef;
import io.clientele.warehouse.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What speaks of each subject: its rows as a job sees them, all or those that are new. */
final class Subjects {
    private static final String RECORD_KEY = "record_key";

    private final Map<Subject, List<SubjectSource>> sources;

    Subjects(Map<Subject, List<SubjectSource>> sources) {
        this.sources = sources;
    }

    List<SubjectSource> of(Subject subject) {
        return sources.getOrDefault(subject, List.of());
    }

    List<TableRef> raws(Subject subject) {
        return of(subject).stream().map(SubjectSource::raw).toList();
    }

    static Dataset<Row> none(TableRef table) {
        return SparkSession.active().createDataFrame(List.of(), table.schema());
    }

    static Dataset<Row> union(List<Dataset<Row>> parts) {
        return parts.stream().reduce(Dataset::unionByName).orElseThrow();
    }

    /**
     * What came since a job ran last.
     *
     * @param rows of a record that came several times those of its last delivery alone
     * @param former what earlier deliveries said of the records that were corrected; null where none was
     */
    record Delivered(Dataset<Row> rows, Dataset<Row> former) {}

    /** What came since the job ran last. */
    Delivered delivered(Subject subject, JobInputs in) {
        List<Dataset<Row>> rows = new ArrayList<>();
        List<Dataset<Row>> former = new ArrayList<>();
        for (SubjectSource source : of(subject)) {
            if (!in.isChanged(source.raw()) && of(subject).size() > 1) {
                continue;
            }
            Dataset<Row> added =
                    in.changes(source.raw()).where(col("_change_type").equalTo("insert"));
            Dataset<Row> last = lastDeliveries(added, source, in);
            rows.add(source.rows().apply(lastOf(added, last)));
            if (last != null) {
                former.add(source.rows()
                        .apply(in.table(source.raw())
                                .join(last, RECORD_KEY)
                                .where(not(delivery().eqNullSafe(col("_last"))))
                                .drop("_last")));
            }
        }
        return new Delivered(union(rows), former.isEmpty() ? null : union(former));
    }

    /** The rows of {@link #delivered}. */
    Dataset<Row> newRows(Subject subject, JobInputs in) {
        return delivered(subject, in).rows();
    }

    /** All there is; of a record that came several times its last delivery alone. */
    Dataset<Row> allRows(Subject subject, JobInputs in) {
        return union(of(subject).stream()
                .map(s -> {
                    Dataset<Row> records = in.table(s.raw());
                    return s.rows().apply(lastOf(records, lastDeliveries(records, s, in)));
                })
                .toList());
    }

    private static Dataset<Row> lastOf(Dataset<Row> records, Dataset<Row> last) {
        return last == null
                ? records
                : records.join(last, asScala(List.of(RECORD_KEY)).toSeq(), "left_outer")
                        .where(col("_last").isNull().or(delivery().eqNullSafe(col("_last"))))
                        .drop("_last");
    }

    /**
     * {@code record_key} and {@code _last}, the last accepted delivery, of the corrected ones of some records; null where none is.
     * A record came several times only where it was corrected: files without a correction are passed over.
     */
    private static Dataset<Row> lastDeliveries(Dataset<Row> records, SubjectSource source, JobInputs in) {
        Dataset<Row> corrected = Reuse.of(records.where(isAccepted().and(col("is_correction")))
                .select(RECORD_KEY)
                .distinct());
        return corrected.count() == 0
                ? null
                : Reuse.settled(in.table(source.raw())
                        .where(isAccepted())
                        .join(corrected, asScala(List.of(RECORD_KEY)).toSeq(), "left_semi")
                        .groupBy(RECORD_KEY)
                        .agg(max(delivery()).as("_last")));
    }

    private static Column isAccepted() {
        return col("outcome").equalTo("accepted");
    }

    /** When and where a record came, as it is told which came last. */
    private static Column delivery() {
        return struct(col("loaded_at"), col("source_file"), col("source_row"));
    }

    boolean isAnyChanged(Subject subject, JobInputs in) {
        return raws(subject).stream().anyMatch(in::isChanged);
    }
}
