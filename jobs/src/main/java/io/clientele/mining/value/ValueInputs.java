package io.clientele.mining.value;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What customers are valued from. All from {@code headroom} on are null where no source or no other job gives them; what they
 * would tell is null then.
 *
 * @param contribution rows of mart.customer_contribution at the date
 * @param churnFlag rows of mart.churn_flag at the date
 * @param headroom rows of mart.category_headroom at the date
 * @param surveyAnswer rows of core.survey_answer
 * @param lifetimeValue {@code customer_id, lifetime_value_amount} at the date
 * @param referral rows of mart.referral at the date
 * @param frozenCuts rows of mart.value_cut_point of the date whose cut points hold
 */
public record ValueInputs(
        Dataset<Row> contribution,
        Dataset<Row> churnFlag,
        Dataset<Row> headroom,
        Dataset<Row> surveyAnswer,
        Dataset<Row> lifetimeValue,
        Dataset<Row> referral,
        Dataset<Row> frozenCuts) {

    /** Nothing but what is always there. */
    public static ValueInputs of(Dataset<Row> contribution, Dataset<Row> churnFlag) {
        return new ValueInputs(contribution, churnFlag, null, null, null, null, null);
    }
}
