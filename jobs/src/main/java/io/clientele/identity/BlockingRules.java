package io.clientele.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The equal values under which two records are compared at all. Records that agree in none of these are never seen as one; the
 * share of true pairs that agree in one is the blocking recall, the ceiling of all that follows.
 */
final class BlockingRules {
    /** From the most telling to the widest: a pair belongs to the first that fires. */
    static final List<Rule> ALL = List.of(
            new Rule("tax_number", col("tax_number")),
            new Rule("email", col("mailbox")),
            new Rule("phone", col("phone")),
            new Rule("birth_date and start of family name", col("birth"), start("family_name", 3)),
            new Rule("birth_date and start of given name", col("birth"), start("given_name", 3)),
            new Rule("names in any order", inAnyOrder(), col("given_name"), col("family_name")),
            new Rule("family name and postcode", col("family_name"), col("postcode")),
            new Rule("given name and postcode", col("given_name"), col("postcode")),
            new Rule("street and postcode", col("street"), col("postcode")),
            new Rule("mailbox", mailbox()),
            new Rule("family name and city", col("family_name"), col("city")),
            new Rule("given name and city", col("given_name"), col("city")),
            new Rule("birth_date", col("birth")),
            new Rule("street", col("street")),
            new Rule("family name and month of birth", col("family_name"), start("birth", 6)),
            new Rule("given name and month of birth", col("given_name"), start("birth", 6)),
            new Rule("start of family name and initial", start("family_name", 4), start("given_name", 1)),
            new Rule("family name", col("family_name")),
            new Rule("given name", col("given_name")),
            new Rule("initials and year of birth", start("given_name", 1), start("family_name", 1), start("birth", 4)));

    /** The identifiers among them: what many hold is no key ({@link IdentifierUse}). */
    static final List<String> IDENTIFIERS = List.of("tax_number", "email", "phone");

    private BlockingRules() {}

    /** @param parts equal in both records; a record without one of them has no block by this rule */
    record Rule(String name, Column... parts) {}

    /**
     * The blocks of a record, ARRAY&lt;BIGINT&gt;: at the place of each rule a hash of it and of the equal values; null where the
     * record lacks one of them. Kept with the record, since they cost more than all else that is asked of it.
     */
    static Column hashes() {
        Column[] hashes = new Column[ALL.size()];
        for (int rule = 0; rule < hashes.length; rule++) {
            hashes[rule] = block(rule);
        }
        return array(hashes);
    }

    /**
     * One row per record and block that it has by some rules: what is {@code kept} of the record, the place in {@link #ALL} as
     * {@code rule}, and {@code block}.
     *
     * @param records with {@link #hashes} as {@code blocks}
     * @param places of the rules
     */
    static Dataset<Row> blocks(Dataset<Row> records, List<Integer> places, String... kept) {
        List<Column> columns = new ArrayList<>();
        for (String column : kept) {
            columns.add(col(column));
        }
        columns.add(posexplode(col("blocks")).as(new String[] {"rule", "block"}));
        Dataset<Row> held = records.select(columns.toArray(Column[]::new))
                .where(col("block").isNotNull());
        return places.size() == ALL.size() ? held : held.where(col("rule").isInCollection(places));
    }

    private static Column block(int rule) {
        Column[] parts = ALL.get(rule).parts();
        Column[] hashed = new Column[parts.length + 1];
        hashed[0] = lit(rule);
        Column isKnown = lit(true);
        for (int i = 0; i < parts.length; i++) {
            hashed[i + 1] = parts[i];
            isKnown = isKnown.and(parts[i].isNotNull());
        }
        return when(isKnown, xxhash64(hashed));
    }

    private static Column start(String column, int length) {
        return left(col(column), lit(length));
    }

    private static Column inAnyOrder() {
        return concat_ws(
                "|", least(col("given_name"), col("family_name")), greatest(col("given_name"), col("family_name")));
    }

    private static Column mailbox() {
        Column name = regexp_replace(col("mailbox"), "@.*$", "");
        return when(length(name).geq(5), name);
    }
}
