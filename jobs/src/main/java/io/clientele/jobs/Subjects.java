package io.clientele.jobs;

import static org.apache.spark.sql.functions.col;

import io.clientele.engine.JobInputs;
import io.clientele.engine.TableRef;
import io.clientele.warehouse.Subject;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What speaks of each subject: its rows as a job sees them, all or those that are new. */
final class Subjects {
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

    Dataset<Row> newRows(Subject subject, JobInputs in) {
        return union(of(subject).stream()
                .filter(s -> in.isChanged(s.raw()) || of(subject).size() == 1)
                .map(s -> s.rows()
                        .apply(in.changes(s.raw()).where(col("_change_type").equalTo("insert"))))
                .toList());
    }

    Dataset<Row> allRows(Subject subject, JobInputs in) {
        return union(
                of(subject).stream().map(s -> s.rows().apply(in.table(s.raw()))).toList());
    }

    boolean isAnyChanged(Subject subject, JobInputs in) {
        return raws(subject).stream().anyMatch(in::isChanged);
    }
}
