package io.clientele.generate;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The invented company: who its customers truly are, what they bought, and what its channels reveal of them. */
record Company(GeneratorOptions options, Catalogue catalogue, List<Person> people, List<Sale> sales, Truth truth) {

    static Company invent(GeneratorOptions options) {
        Catalogue catalogue = new Catalogue();
        List<Person> people = new Population(options).people();
        return new Company(options, catalogue, people, new Purchases(options, catalogue).of(people), new Truth());
    }

    Dice dice(String purpose, long index) {
        return Dice.of(options.seed(), purpose, index);
    }

    /** Each change, as often as keeps all faults of the source below 2 % of its records and at most five times. */
    int faultsOfEachKind(long records, int kinds) {
        return options.hasFaults() ? (int) Math.min(5, records / 50 / kinds) : 0;
    }

    /** Plants faults in the files, in proportion to their size; {@code changes} maps a kind to what it does to a good record. */
    void plant(String source, List<Delivery> files, Map<String, Function<String, byte[]>> changes) {
        Dice dice = dice("faults " + source, 0);
        List<Delivery> filled = files.stream().filter(file -> file.size() > 0).toList();
        double[] sizes = filled.stream().mapToDouble(Delivery::size).toArray();
        int each = faultsOfEachKind(filled.stream().mapToLong(Delivery::size).sum(), changes.size());
        changes.forEach((kind, change) -> {
            for (int i = 0; i < each; i++) {
                filled.get(dice.weighted(sizes)).plantBytes(kind, dice, change);
            }
        });
    }

    /** The kinds of fault that any text file can have; {@code cut} breaks a record. */
    static Map<String, Function<String, byte[]>> faults(String duplicate, Function<String, String> cut) {
        Map<String, Function<String, byte[]>> faults = new LinkedHashMap<>();
        faults.put(duplicate, line -> line.getBytes(StandardCharsets.UTF_8));
        faults.put("broken-line", utf8(cut));
        faults.put("invalid-utf8", Company::spoil);
        return faults;
    }

    static Function<String, byte[]> utf8(Function<String, String> change) {
        return line -> change.apply(line).getBytes(StandardCharsets.UTF_8);
    }

    /** Two bytes in the middle that no UTF-8 text has. */
    private static byte[] spoil(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length / 2] = (byte) 0xFF;
        bytes[bytes.length / 2 + 1] = (byte) 0xFE;
        return bytes;
    }
}
