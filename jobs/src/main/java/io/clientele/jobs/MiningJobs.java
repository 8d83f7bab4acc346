package io.clientele.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.ConfigurationHash;
import io.clientele.engine.Job;
import io.clientele.engine.RunContext;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.mining.churn.ChurnConfig;
import io.clientele.mining.churn.ChurnFlags;
import io.clientele.mining.crosssell.BasketRules;
import io.clientele.mining.crosssell.BasketRulesConfig;
import io.clientele.mining.crosssell.Recommendations;
import io.clientele.mining.crosssell.RecommendationsConfig;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.LifetimeTables;
import io.clientele.warehouse.MartTables;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The jobs from core subjects to answers at a date. They read compact tables, never all lines. */
final class MiningJobs {
    private final ChurnConfig churn;
    private final BasketRulesConfig rules;
    private final RecommendationsConfig recommendations;

    MiningJobs(ChurnConfig churn, BasketRulesConfig rules, RecommendationsConfig recommendations) {
        this.churn = churn;
        this.rules = rules;
        this.recommendations = recommendations;
    }

    List<Job> all() {
        return List.of(churnFlag(), crossSellRule(), recommendation(), modelCard());
    }

    private static Dataset<Row> at(Dataset<Row> snapshots, RunContext run) {
        return snapshots.where(col("as_of_date").equalTo(lit(run.asOf())));
    }

    private Job churnFlag() {
        return Job.named("churn_flag")
                .stage("mine")
                .reads(CoreTables.CUSTOMER_DAY, CoreTables.IDENTITY)
                .writes(MartTables.CHURN_FLAG, MartTables.CHURN_CALIBRATION)
                .dated()
                .config(churn)
                .checks(List.of(
                        Checks.uniqueKey(MartTables.CHURN_FLAG),
                        Checks.uniqueKey(MartTables.CHURN_CALIBRATION),
                        Checks.references(
                                MartTables.CHURN_FLAG, "customer_id", CoreTables.IDENTITY, "customer_id", true),
                        Checks.each(
                                MartTables.CHURN_FLAG,
                                "probabilities are between 0 and 1",
                                "coalesce(churn_probability, 0) BETWEEN 0 AND 1 AND coalesce(gap_tail_share, 0) BETWEEN 0 AND 1",
                                true)))
                .transform((in, run) -> {
                    ChurnFlags.Result result = ChurnFlags.flag(
                            in.table(CoreTables.CUSTOMER_DAY),
                            in.table(MartTables.CHURN_CALIBRATION),
                            churn,
                            run.asOf());
                    return List.of(
                            Write.of(MartTables.CHURN_FLAG, result.flags()),
                            Write.of(MartTables.CHURN_CALIBRATION, result.calibration()));
                });
    }

    private Job crossSellRule() {
        return Job.named("cross_sell_rule")
                .stage("mine")
                .reads(CoreTables.BASKET, CoreTables.PRODUCT)
                .writes(MartTables.CROSS_SELL_RULE)
                .dated()
                .config(rules)
                .checks(List.of(
                        Checks.uniqueKey(MartTables.CROSS_SELL_RULE),
                        Checks.each(
                                MartTables.CROSS_SELL_RULE,
                                "shares are between 0 and 1",
                                "support BETWEEN 0 AND 1 AND confidence BETWEEN 0 AND 1 AND p_value BETWEEN 0 AND 1"
                                        + " AND q_value BETWEEN 0 AND 1",
                                true)))
                .transform((in, run) -> List.of(Write.of(
                        MartTables.CROSS_SELL_RULE,
                        BasketRules.rules(
                                in.table(CoreTables.BASKET),
                                in.table(CoreTables.PRODUCT),
                                in.table(MartTables.CROSS_SELL_RULE),
                                rules,
                                run.asOf()))));
    }

    private Job recommendation() {
        return Job.named("recommendation")
                .stage("mine")
                .reads(CoreTables.BASKET, CoreTables.PRODUCT, CoreTables.IDENTITY, MartTables.CROSS_SELL_RULE)
                .writes(MartTables.RECOMMENDATION)
                .dated()
                .config(recommendations)
                .checks(List.of(
                        Checks.uniqueKey(MartTables.RECOMMENDATION),
                        Checks.references(
                                MartTables.RECOMMENDATION, "customer_id", CoreTables.IDENTITY, "customer_id", true),
                        Checks.references(
                                MartTables.RECOMMENDATION, "product_id", CoreTables.PRODUCT, "product_id", false)))
                .transform((in, run) -> List.of(Write.of(
                        MartTables.RECOMMENDATION,
                        Recommendations.recommend(
                                in.table(CoreTables.BASKET),
                                at(in.table(MartTables.CROSS_SELL_RULE), run),
                                in.table(CoreTables.PRODUCT),
                                recommendations,
                                run.asOf()))));
    }

    private Job modelCard() {
        return Job.named("model_card")
                .stage("mine")
                .reads(CoreTables.CUSTOMER_DAY, CoreTables.BASKET, MartTables.CROSS_SELL_RULE)
                .reads(LifetimeTables.LIFETIME_FIGURE)
                .writes(MartTables.MODEL_CARD)
                .dated()
                .config(List.of(churn, rules))
                .checks(List.of(Checks.uniqueKey(MartTables.MODEL_CARD)))
                .transform((in, run) -> {
                    Dataset<Row> ofChurn = ChurnFlags.card(in.table(CoreTables.CUSTOMER_DAY), churn, run.asOf());
                    Dataset<Row> ofRules = BasketRules.card(
                            in.table(CoreTables.BASKET),
                            at(in.table(MartTables.CROSS_SELL_RULE), run),
                            rules,
                            run.asOf());
                    return List.of(Write.of(
                            MartTables.MODEL_CARD,
                            ofChurn.withColumn("configuration_hash", lit(ConfigurationHash.of(churn.toString())))
                                    .unionByName(ofRules.withColumn(
                                            "configuration_hash", lit(ConfigurationHash.of(rules.toString()))))
                                    .unionByName(
                                            LifetimeJobs.card(at(in.table(LifetimeTables.LIFETIME_FIGURE), run)))));
                });
    }
}
