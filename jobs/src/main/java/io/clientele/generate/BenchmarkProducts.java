package io.clientele.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.SplittableRandom;

/** Two thousand products whose popularity falls with their rank; every fortieth draws another one along. */
final class BenchmarkProducts {
    static final int COUNT = 2_000;
    private static final int CATEGORIES = 40;
    private static final int DRAWN_EVERY = 40;
    private static final int SLOTS = 1 << 16;

    private final byte[][] skus = new byte[COUNT][];
    private final int[] prices = new int[COUNT];
    private final int[] costs = new int[COUNT];

    /** Products in proportion to their popularity: one throw picks one. */
    private final short[] slots = new short[SLOTS];

    BenchmarkProducts(long seed) {
        Dice dice = Dice.of(seed, "products", 0);
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            skus[i] = ByteLines.bytes("B" + (10_001 + i));
            prices[i] = (int) Math.max(99, Math.round(1_500 * dice.logNormal(1.0)));
            costs[i] = (int) (prices[i] * dice.between(0.45, 0.85));
            sum += weight(i);
        }
        double reached = 0;
        int slot = 0;
        for (int i = 0; i < COUNT; i++) {
            reached += weight(i);
            for (int end = (int) Math.round(reached / sum * SLOTS); slot < end; slot++) {
                slots[slot] = (short) i;
            }
        }
    }

    private static double weight(int rank) {
        return 1 / StrictMath.pow(rank + 10, 0.8);
    }

    int pick(SplittableRandom random) {
        return slots[random.nextInt(SLOTS)];
    }

    /** The product that is bought together with this one; -1 for most. */
    int drawnBy(int product) {
        return product % DRAWN_EVERY == 0 ? COUNT - 1 - product / DRAWN_EVERY : -1;
    }

    byte[] sku(int product) {
        return skus[product];
    }

    /** The price of a piece in cents. */
    int price(int product) {
        return prices[product];
    }

    void write(Path file, LocalDate validFrom) throws IOException {
        try (ByteLines out = ByteLines.to(file)) {
            out.text("sku,valid_from,name,category,unit_cost,is_service").end();
            for (int i = 0; i < COUNT; i++) {
                out.text(skus[i])
                        .comma()
                        .text(validFrom.toString())
                        .text(",Product ")
                        .number(i + 1L);
                out.text(",category-")
                        .padded(i % CATEGORIES + 1L, 2)
                        .comma()
                        .money(costs[i])
                        .text(",false")
                        .end();
            }
        }
    }
}
