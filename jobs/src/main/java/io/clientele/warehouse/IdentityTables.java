package io.clientele.warehouse;

import static io.clientele.engine.Database.CORE;

import io.clientele.engine.TableRef;

/** How it is known who is who: beside {@link CoreTables#IDENTITY}, its evidence. Weights are in bits (binary logarithms). */
public final class IdentityTables {
    private IdentityTables() {}

    /**
     * One pair of records that may be one customer though no identifier says so. {@code weights} holds the prior and each field's
     * weight; {@code weight_bits} is their sum and {@code probability} follows from it. {@code is_linked} says whether both
     * belong to one customer now: a likely pair may be held apart by the rest of its group, and the other way round. A level of
     * agreement is 0 for other values, higher for closer ones, absent where a record does not state the field.
     */
    public static final TableRef MATCH_PAIR = TableRef.replaced(
            CORE,
            "match_pair",
            "one pair of records that may be one customer",
            "record_key STRING NOT NULL, other_record_key STRING NOT NULL, probability DOUBLE NOT NULL, "
                    + "weight_bits DOUBLE NOT NULL, is_vetoed BOOLEAN NOT NULL, is_linked BOOLEAN NOT NULL, "
                    + "weights MAP<STRING, DOUBLE> NOT NULL, levels MAP<STRING, INT> NOT NULL",
            "record_key",
            "other_record_key");

    /**
     * What was learned, and what blocking brought. {@code part} is rule (of blocking), level (of agreement of a field) or prior.
     * A rule has {@code count_pairs} before those of earlier rules are taken out, {@code count_refused_blocks} with too many
     * records and the {@code largest_block}, whose first record is {@code example_record_key}; a level has {@code m} and
     * {@code u}, the shares of pairs of one and of two customers on it, and {@code weight_bits}; the prior has
     * {@code count_records}, all that were there. {@code status} is used, refused, empty; trained, untrained.
     */
    public static final TableRef MATCH_MODEL = TableRef.replaced(
            CORE,
            "match_model",
            "one rule of blocking or one level of agreement",
            "part STRING NOT NULL, name STRING NOT NULL, position INT NOT NULL, level STRING, status STRING NOT NULL, "
                    + "m DOUBLE, u DOUBLE, weight_bits DOUBLE, expected_pairs DOUBLE, count_pairs BIGINT, "
                    + "count_blocks BIGINT, count_refused_blocks BIGINT, largest_block BIGINT, example_record_key STRING, "
                    + "count_records BIGINT",
            "part",
            "name",
            "position");

    /** How common values were when the weights were learned; a value that is not here was held once at most. */
    public static final TableRef MATCH_FREQUENCY = TableRef.replaced(
            CORE,
            "match_frequency",
            "one value of a field that many records held when weights were learned",
            "field STRING NOT NULL, value STRING NOT NULL, count_records BIGINT NOT NULL",
            "field",
            "value");

    /**
     * Each record as it is compared: the newest known value of each field in its comparable form. {@code blocks} holds, at the
     * place of each rule of blocking, a hash of the values that another record must share, null where one is missing.
     */
    public static final TableRef MATCH_RECORD = TableRef.upsert(
            CORE,
            "match_record",
            "one source record in its comparable form",
            "record_key STRING NOT NULL, source STRING NOT NULL, source_customer_key STRING NOT NULL, "
                    + "first_recorded_at TIMESTAMP NOT NULL, last_recorded_at TIMESTAMP NOT NULL, customer_number STRING, "
                    + "loyalty_card STRING, tax_number STRING, email STRING, mailbox STRING, phone STRING, birth_date DATE, "
                    + "birth STRING, given_name STRING, family_name STRING, street STRING, postcode STRING, city STRING, "
                    + "blocks ARRAY<BIGINT>",
            "record_key");

    /**
     * What is looked at together: {@code component} is the first record of all those that links tie this one to, directly or
     * through others, before groups are formed inside of them; itself where it is alone.
     */
    public static final TableRef MATCH_COMPONENT = TableRef.replaced(
            CORE,
            "match_component",
            "one source record and what links tie it to",
            "record_key STRING NOT NULL, component STRING NOT NULL",
            "record_key");

    /**
     * A block that too many records share to compare them all: {@code block} as in {@link #MATCH_RECORD}, {@code rule} its place
     * there, {@code count_records} how many share it. Only of rules that are used ({@link #MATCH_MODEL}).
     */
    public static final TableRef REFUSED_BLOCK = TableRef.replaced(
            CORE,
            "refused_block",
            "one block of too many records",
            "rule INT NOT NULL, block BIGINT NOT NULL, count_records BIGINT NOT NULL",
            "rule",
            "block");

    /** An identifier that is nobody's own, and why: it neither decides nor blocks. */
    public static final TableRef WEAK_IDENTIFIER = TableRef.replaced(
            CORE,
            "weak_identifier",
            "one identifier that is weak evidence",
            "identifier STRING NOT NULL, value STRING NOT NULL, count_records INT NOT NULL, count_people INT NOT NULL, "
                    + "reason STRING NOT NULL",
            "identifier",
            "value");

    /**
     * A customer that another one took in. {@code redirected_to} is the one that lives now, also where that took several steps;
     * {@code redirected_at} is when the newest record concerned was recorded, {@code reason} the rule of the move.
     */
    public static final TableRef CUSTOMER_REDIRECT = TableRef.upsert(
            CORE,
            "customer_redirect",
            "one customer_id that is another one now",
            "customer_id STRING NOT NULL, redirected_to STRING NOT NULL, redirected_at TIMESTAMP NOT NULL, run_id STRING, "
                    + "reason STRING",
            "customer_id");
}
