package io.clientele.mining.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.clientele.mining.TextList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** What makes a core customer, each criterion with a figure and its cut point. A figure that is not known keeps nobody from being one. */
public enum CoreCriterion {
    SPEND("monetary_amount", "core", true),
    DAYS_LATE("mean_days_late", "core_days_late", false),
    RELATION_DAYS("relation_days", "core_relation_days", true),
    SERVE_COST_SHARE("serve_cost_share", "core_serve_cost_share", false),
    RETURN_SHARE("return_share", "core_return_share", false);

    private final String figure;
    private final String cut;
    private final boolean isAtLeast;

    CoreCriterion(String figure, String cut, boolean isAtLeast) {
        this.figure = figure;
        this.cut = cut;
        this.isAtLeast = isAtLeast;
    }

    /** Its name in {@code core_unmet}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The column that is judged; {@code relation_days} counts from the first purchase to the as-of date. */
    public String figure() {
        return figure;
    }

    /** The name of its cut point. */
    public String cut() {
        return cut;
    }

    /** Whether the figure must reach the cut point; else it must not be above it. */
    public boolean isAtLeast() {
        return isAtLeast;
    }

    /** The keys of those that a customer does not meet, an array. */
    static Column unmet(Thresholds cuts) {
        return TextList.of(Arrays.stream(values())
                .map(criterion -> TextList.text(criterion.isUnmet(cuts), lit(criterion.key())))
                .toArray(Column[]::new));
    }

    private Column isUnmet(Thresholds cuts) {
        return isAtLeast
                ? not(ValueClasses.reaches(col(figure), cuts, cut))
                : col(figure).gt(cuts.of(cut));
    }

    /** The cut points that configuration gives: {@code cut, value, frozen_from}. That of spend is found among the customers. */
    static List<Row> thresholds(ValueConfig config) {
        return List.of(
                RowFactory.create(DAYS_LATE.cut, config.coreMaxDaysLate(), null),
                RowFactory.create(RELATION_DAYS.cut, (double) config.coreMinRelationDays(), null),
                RowFactory.create(SERVE_COST_SHARE.cut, config.coreMaxServeCostShare(), null),
                RowFactory.create(RETURN_SHARE.cut, config.coreMaxReturnShare(), null));
    }
}
