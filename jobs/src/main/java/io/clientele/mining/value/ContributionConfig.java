package io.clientele.mining.value;

import io.clientele.mining.Bounds;
import java.math.BigDecimal;

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

    private static void notNegative(String key, BigDecimal amount) {
        if (amount != null) {
            Bounds.atLeast(key, amount.doubleValue(), 0);
        }
    }
}
