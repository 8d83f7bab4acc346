package io.clientele.identity;

/**
 * How records are matched that no identifier decides.
 *
 * @param minProbability the probability from which two records are linked, 0.5 to 1; default 0.5: what a link alone cannot
 *     carry the rest of its group has to confirm
 * @param keptProbability the probability from which a pair is kept in core.match_pair for stewards, 0 to 1; default 0.1
 * @param minGroupWeight the mean weight in bits below which two groups of records stay apart; default -3, eight to one against
 * @param mostInBlock records that may share a block; a larger one is left out and named; default 60
 * @param pairsPerRecord candidate pairs for each record, on average; a rule that would bring more is left out and named;
 *     default 15
 * @param mostHolders records that may hold an identifier before it is weak evidence; default 20
 * @param mostPeople people of different names that may hold an identifier before it is weak evidence; default 8
 * @param minRecords records below which nothing can be learned, so that only exact rules hold; default 200
 */
public record MatchConfig(
        double minProbability,
        double keptProbability,
        double minGroupWeight,
        int mostInBlock,
        double pairsPerRecord,
        int mostHolders,
        int mostPeople,
        int minRecords) {
    public MatchConfig {
        within("min-probability", minProbability, 0.5, 1);
        within("kept-probability", keptProbability, 0.001, 1);
        within("min-group-weight", minGroupWeight, -50, 50);
        within("most-in-block", mostInBlock, 2, 1000);
        within("pairs-per-record", pairsPerRecord, 1, 1000);
        within("most-holders", mostHolders, 2, 1000);
        within("most-people", mostPeople, 1, 1000);
        within("min-records", minRecords, 2, 1_000_000);
    }

    /** What the figures of docs/identity.md were measured with, on every set. */
    public static MatchConfig defaults() {
        return new MatchConfig(0.5, 0.1, -3, 60, 15, 20, 8, 200);
    }

    private static void within(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException("%s: expected %s to %s, found %s".formatted(name, low, high, value));
        }
    }
}
