package io.clientele.warehouse;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.SharedSpark;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Proves that sums by way of ten-thousandths are those of decimals. */
class TotalsTest {
    private static final StructType AMOUNTS =
            new StructType().add("group", DataTypes.IntegerType).add("amount", DataTypes.createDecimalType(18, 4));

    private static Dataset<Row> amounts(List<Row> rows) {
        return SharedSpark.session().createDataFrame(rows, AMOUNTS);
    }

    /** Amounts of all sizes up to the largest of DECIMAL(18,4); some are null, and group 0 is nothing else. */
    private static Dataset<Row> random(long seed) {
        var random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int group = random.nextInt(40);
            var parts = new BigInteger(random.nextInt(60), random);
            var amount = new BigDecimal(random.nextBoolean() ? parts : parts.negate(), 4);
            boolean isNull = group == 0 || amount.precision() > 18 || random.nextInt(10) == 0;
            rows.add(RowFactory.create(group, isNull ? null : amount));
        }
        rows.add(RowFactory.create(1, new BigDecimal("99999999999999.9999")));
        rows.add(RowFactory.create(2, new BigDecimal("-99999999999999.9999")));
        return amounts(rows);
    }

    @Test
    void sumsAreThoseOfDecimals() {
        long seed = 20240630;
        List<Row> sums = random(seed)
                .withColumn("parts", Totals.parts(col("amount")))
                .groupBy("group")
                .agg(
                        sum("amount").as("expected"),
                        sum("amount").cast("decimal(18,4)").as("expected_narrow"),
                        Totals.amount(Totals.sum(col("parts"))).cast("decimal(28,4)"),
                        Totals.total(col("parts")),
                        Totals.wide(col("parts")).cast("decimal(28,4)"))
                .collectAsList();
        assertThat(sums).hasSize(40).allSatisfy(r -> {
            assertThat(r.get(3)).as("seed %d, %s", seed, r).isEqualTo(r.get(1));
            assertThat(r.get(4)).as("seed %d, %s", seed, r).isEqualTo(r.get(2));
            assertThat(r.get(5)).as("seed %d, %s", seed, r).isEqualTo(r.get(1));
        });
        assertThat(sums).filteredOn(r -> r.getInt(0) == 0).allMatch(r -> r.isNullAt(3) && r.isNullAt(4));
    }

    @Test
    void amountsBecomeTheDoublesThatDecimalsBecome() {
        long seed = 7;
        var random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (long near = 1L << 53, i = -1000; i <= 1000; i++) {
            rows.add(RowFactory.create(0, BigDecimal.valueOf(i < 0 ? i - near : i + near, 4)));
            rows.add(RowFactory.create(0, BigDecimal.valueOf(random.nextLong() >> (5 + random.nextInt(58)), 4)));
        }
        Column parts = Totals.parts(col("amount"));
        List<Row> doubles = amounts(rows)
                .select(
                        col("amount"),
                        Totals.amount(parts).cast("decimal(18,4)"),
                        col("amount").cast("double"),
                        Totals.asDouble(parts))
                .collectAsList();
        assertThat(doubles).hasSize(rows.size()).allSatisfy(r -> {
            assertThat(r.get(1)).as("seed %d, %s", seed, r).isEqualTo(r.get(0));
            assertThat(r.getDouble(3)).as("seed %d, %s", seed, r).isEqualTo(r.getDouble(2));
        });
    }

    @Test
    void aWideSumHoldsWhatNoWholeNumberDoes() {
        List<Row> rows = new ArrayList<>();
        for (String amount : List.of("99999999999999.9999", "-99999999999999.9999")) {
            for (int i = 0; i < 30; i++) {
                rows.add(RowFactory.create(amount.startsWith("-") ? 2 : 1, new BigDecimal(amount)));
                rows.add(RowFactory.create(3, new BigDecimal(amount)));
            }
        }
        rows.add(RowFactory.create(3, new BigDecimal("-0.0001")));
        rows.add(RowFactory.create(4, null));
        assertThat(amounts(rows)
                        .groupBy("group")
                        .agg(Totals.wide(Totals.parts(col("amount"))))
                        .orderBy("group")
                        .collectAsList())
                .map(Row::toString)
                .containsExactly("[1,2999999999999999.9970]", "[2,-2999999999999999.9970]", "[3,-0.0001]", "[4,null]");
    }

    @Test
    void aSumThatNoneHoldsIsNull() {
        List<Row> many = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            many.add(RowFactory.create(i < 2 ? 1 : 2, new BigDecimal("90000000000000")));
        }
        assertThat(sums(many))
                .containsExactly(
                        "[1,1800000000000000000,180000000000000.0000,null]",
                        "[2,9000000000000000000,900000000000000.0000,null]");
        many.add(RowFactory.create(2, new BigDecimal("90000000000000")));
        assertThat(sums(many))
                .containsExactly("[1,1800000000000000000,180000000000000.0000,null]", "[2,null,null,null]");
    }

    private static List<String> sums(List<Row> rows) {
        Column parts = col("parts");
        return amounts(rows)
                .withColumn("parts", Totals.parts(col("amount")))
                .groupBy("group")
                .agg(Totals.sum(parts), Totals.amount(Totals.sum(parts)), Totals.total(parts))
                .orderBy("group")
                .collectAsList()
                .stream()
                .map(Row::toString)
                .toList();
    }

    @Test
    void doublesAreRoundedAsACastRoundsThemAndBack() {
        long seed = 20261130;
        var random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // Amounts of every size that fits, and halves of a hundredth, as close as a DOUBLE comes to them.
            double any = Math.scalb(random.nextDouble() - .5, random.nextInt(60) - 5);
            rows.add(RowFactory.create(any));
            rows.add(RowFactory.create(
                    BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, 3).doubleValue()));
            rows.add(RowFactory.create(BigDecimal.valueOf(random.nextLong() >> (6 + random.nextInt(50)), 2)
                    .doubleValue()));
        }
        for (Double special : new Double[] {0.0, -0.0, Double.NaN, 1e300, -1e300, Double.POSITIVE_INFINITY, null}) {
            rows.add(RowFactory.create(special));
        }
        Column found = Totals.hundredths(col("amount"));
        List<Row> rounded = SharedSpark.session()
                .createDataFrame(rows, new StructType().add("amount", DataTypes.DoubleType))
                .select(
                        col("amount"),
                        col("amount").cast("decimal(18,2)"),
                        found,
                        found.cast("double"),
                        Totals.number(found))
                .collectAsList();
        assertThat(rounded).hasSize(60_007);
        assertThat(rounded)
                .as("seed %d: a cast, and back", seed)
                .filteredOn(r -> !Objects.equals(r.get(2), r.get(1)) || !Objects.equals(r.get(4), r.get(3)))
                .isEmpty();
        assertThat(rounded).filteredOn(r -> r.isNullAt(2)).hasSize(5);
    }
}
