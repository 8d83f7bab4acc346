package io.clientele.mining.value;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a contribution is computed from. All but the first are null where no source speaks of them.
 *
 * @param customerDay rows of core.customer_day
 * @param serviceCase rows of core.service_case
 * @param campaignContact rows of core.campaign_contact
 * @param invoice rows of core.invoice
 * @param payment rows of core.payment
 */
public record ContributionInputs(
        Dataset<Row> customerDay,
        Dataset<Row> serviceCase,
        Dataset<Row> campaignContact,
        Dataset<Row> invoice,
        Dataset<Row> payment) {}
