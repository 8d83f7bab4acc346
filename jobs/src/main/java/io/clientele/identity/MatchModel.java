package io.clientele.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * The weights of Fellegi and Sunter (1969, A theory for record linkage): how much more often two records of one customer agree
 * on a level of a field than two records of two customers do, as a binary logarithm (bits). A pair's weight is a sum: the prior,
 * each field's weight, a correction for values that are common or rare, and one for what households share.
 *
 * @param prior share of all pairs of records that are one customer
 * @param m per field and level the share of pairs of one customer on it
 * @param u per field and level the share of pairs of two customers on it
 * @param expected per field and level how many pairs of one customer on it the training expects; below
 *     {@link #TRAINED_FROM} the level is untrained and mostly its default
 */
record MatchModel(double prior, double[][] m, double[][] u, double[][] expected) {
    static final double TRAINED_FROM = 5;

    /** A family's table, telephone and mailbox count once where given names contradict. */
    static final String HOUSEHOLD = "household";

    /** The binary logarithm of the prior odds. */
    double priorWeight() {
        return Math.log(prior / (1 - prior)) / Math.log(2);
    }

    /** The weight of a level in bits. */
    double weight(MatchField field, int level) {
        return level < 0 ? 0 : Math.log(m[field.ordinal()][level] / u[field.ordinal()][level]) / Math.log(2);
    }

    boolean isTrained(MatchField field, int level) {
        return expected[field.ordinal()][level] >= TRAINED_FROM;
    }

    /**
     * Whether two tax numbers that no typing error explains forbid a link: so long as they differ in less than one of a hundred
     * pairs of one customer. Where sources get them wrong more often, they only count by their weight.
     */
    boolean doTaxNumbersVeto() {
        int field = MatchField.TAX_NUMBER.ordinal();
        return !isTrained(MatchField.TAX_NUMBER, 0) || m[field][0] < 0.01;
    }

    /** The weight in bits of a pattern of levels, without frequencies. */
    double weight(int[] levels) {
        double sum = priorWeight();
        double shared = 0;
        double largest = 0;
        for (MatchField field : MatchField.values()) {
            double weight = weight(field, levels[field.ordinal()]);
            sum += weight;
            if (field.isOfHousehold() && weight > 0) {
                shared += weight;
                largest = Math.max(largest, weight);
            }
        }
        int given = levels[MatchField.GIVEN_NAME.ordinal()];
        return given == 0 || given == 1 ? sum - shared + largest : sum;
    }

    /** The weight of a field in a column of pairs with a level per field and {@code frequency} of some; in bits. */
    private Column weight(MatchField field) {
        List<Column> weights = new ArrayList<>();
        for (int level = 0; level < field.levels().size(); level++) {
            weights.add(lit(weight(field, level)));
        }
        Column level = col(field.columnName());
        Column weight = when(level.geq(0), element_at(array(weights.toArray(Column[]::new)), level.plus(1)))
                .otherwise(0.0);
        if (MatchField.WITH_FREQUENCIES.contains(field)) {
            double[] ofField = u[field.ordinal()];
            List<Column> us = new ArrayList<>();
            for (double share : ofField) {
                us.add(lit(share));
            }
            Column share = element_at(array(us.toArray(Column[]::new)), level.plus(1));
            weight = weight.plus(coalesce(log2(share.divide(col(field.columnName() + "_frequency"))), lit(0.0)));
        }
        return weight;
    }

    /** Each field's weight and the correction for households, by name; their sum with the prior is the pair's weight. */
    List<Column> weights() {
        List<Column> columns = new ArrayList<>();
        Column shared = lit(0.0);
        List<Column> positive = new ArrayList<>();
        positive.add(lit(0.0));
        for (MatchField field : MatchField.values()) {
            Column weight = weight(field);
            columns.add(weight.as("weight_" + field.columnName()));
            if (field.isOfHousehold()) {
                Column gain = greatest(weight, lit(0.0));
                shared = shared.plus(gain);
                positive.add(gain);
            }
        }
        Column given = col(MatchField.GIVEN_NAME.columnName());
        columns.add(
                when(given.isin(0, 1), greatest(positive.toArray(Column[]::new)).minus(shared))
                        .otherwise(0.0)
                        .as("weight_" + HOUSEHOLD));
        return columns;
    }

    static List<String> weightNames() {
        List<String> names = new ArrayList<>();
        for (MatchField field : MatchField.values()) {
            names.add(field.columnName());
        }
        names.add(HOUSEHOLD);
        return names;
    }

    /** The sum of {@link #weights} and the prior, in bits. */
    Column total() {
        Column sum = lit(priorWeight());
        for (String name : weightNames()) {
            sum = sum.plus(col("weight_" + name));
        }
        return sum;
    }

    /** The probability for a weight in bits. */
    static Column probability(Column weight) {
        Column odds = pow(lit(2.0), least(weight, lit(60.0)));
        return odds.divide(odds.plus(1.0));
    }
}
