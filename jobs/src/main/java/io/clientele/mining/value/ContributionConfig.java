package io.clientele.mining.value;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;

import io.clientele.mining.Bounds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;

/**
 * What serving a customer costs, in the reporting currency. A unit cost that is not set is not known: what it would price is
 * left out of the contribution, and the customer's row says so.
 *
 * @param caseCostAmount one service contact; default: not known
 * @param complaintCostAmount one complaint, on top of its compensation; default: not known
 * @param deliveryCostAmount one sale that was sent; default: not known
 * @param campaignContactCostAmount one campaign contact whose own cost is not known; default: not known
 * @param badDebtDays days after its due date, 1 to 3650, from which what is unpaid counts as lost; default 180
 */
public record ContributionConfig(
        BigDecimal caseCostAmount,
        BigDecimal complaintCostAmount,
        BigDecimal deliveryCostAmount,
        BigDecimal campaignContactCostAmount,
        int badDebtDays) {

    private static final String CASE = "case_cost_amount";
    private static final String COMPLAINT = "complaint_cost_amount";
    private static final String DELIVERY = "delivery_cost_amount";
    private static final String CAMPAIGN_CONTACT = "campaign_contact_cost_amount";
    private static final String BAD_DEBT_DAYS = "bad_debt_days";

    public ContributionConfig {
        notNegative("case-cost-amount", caseCostAmount);
        notNegative("complaint-cost-amount", complaintCostAmount);
        notNegative("delivery-cost-amount", deliveryCostAmount);
        notNegative("campaign-contact-cost-amount", campaignContactCostAmount);
        Bounds.within("bad-debt-days", badDebtDays, 1, 3650);
    }

    /** No unit cost is known. */
    public static ContributionConfig defaults() {
        return new ContributionConfig(null, null, null, null, 180);
    }

    /** As a column of amounts by name, kept with each snapshot: those that are set, and {@code bad_debt_days}. */
    Column kept() {
        Map<String, BigDecimal> settings = new TreeMap<>();
        settings.put(CASE, caseCostAmount);
        settings.put(COMPLAINT, complaintCostAmount);
        settings.put(DELIVERY, deliveryCostAmount);
        settings.put(CAMPAIGN_CONTACT, campaignContactCostAmount);
        settings.put(BAD_DEBT_DAYS, BigDecimal.valueOf(badDebtDays));
        List<Column> entries = new ArrayList<>();
        settings.forEach((name, amount) -> {
            if (amount != null) {
                entries.add(lit(name));
                entries.add(lit(amount).cast("decimal(18,4)"));
            }
        });
        return map(entries.toArray(Column[]::new));
    }

    /** What {@link #kept} made. */
    static ContributionConfig of(Map<String, BigDecimal> kept) {
        return new ContributionConfig(
                kept.get(CASE),
                kept.get(COMPLAINT),
                kept.get(DELIVERY),
                kept.get(CAMPAIGN_CONTACT),
                kept.get(BAD_DEBT_DAYS).intValueExact());
    }

    private static void notNegative(String key, BigDecimal amount) {
        if (amount != null) {
            Bounds.atLeast(key, amount.doubleValue(), 0);
        }
    }
}
