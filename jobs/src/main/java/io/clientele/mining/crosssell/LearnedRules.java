package io.clientele.mining.crosssell;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.clientele.mining.Learned;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rules that were learned for one date, for another. */
final class LearnedRules {
    private static final int WAY = 1;

    private LearnedRules() {}

    /** Stands for the settings under which rules are learned, and the way. */
    static String configurationHash(BasketRulesConfig config) {
        return Learned.hash(config, WAY);
    }

    /**
     * Those of the last date that may be used at {@code asOf}, as rows of that date, without any on a product that has become a
     * service; null where rules have to be learned. A date without rules leaves nothing to use.
     *
     * @param kept rows of {@link MartTables#CROSS_SELL_RULE}
     * @param window baskets of the window that ends with {@code asOf}, large ones too
     * @param services one row with all of them as {@code services}
     */
    static Dataset<Row> of(
            Dataset<Row> kept, Dataset<Row> window, Dataset<Row> services, BasketRulesConfig config, LocalDate asOf) {
        LocalDate last = Learned.lastSnapshot(kept, configurationHash(config), config.learnEveryDays(), asOf);
        if (last == null) {
            return null;
        }
        Dataset<Row> rules = kept.where(col("as_of_date").equalTo(lit(last)));
        long countThen = rules.selectExpr("count_all_baskets + count_large_baskets")
                .first()
                .getLong(0);
        return !Learned.isLike(window.count(), countThen)
                ? null
                : rules.crossJoin(broadcast(services))
                        .where(not(
                                arrays_overlap(concat(col("antecedent"), array(col("consequent"))), col("services"))))
                        .withColumn("as_of_date", lit(asOf));
    }
}
