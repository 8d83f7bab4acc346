package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.levenshtein;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.startswith;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;

/**
 * The fields on which two records are compared, and the levels of each from 0, all other values, to the closest. Distances are
 * Levenshtein's, which Spark computes by itself; on the labelled sets they did as well as Jaro and Winkler's.
 */
enum MatchField {
    GIVEN_NAME(List.of("else", "initial or 3 edits", "prefix or 2 edits", "1 edit", "equal", "swapped"), false),
    FAMILY_NAME(List.of("else", "initial or 3 edits", "prefix or 2 edits", "1 edit", "equal", "swapped"), true),
    BIRTH_DATE(List.of("else", "same year", "2 edits", "1 edit or day and month swapped", "equal"), false),
    EMAIL(List.of("else", "2 edits", "same mailbox elsewhere", "equal"), true),
    PHONE(List.of("else", "1 edit", "equal"), true),
    PLACE(
            List.of("else", "one close", "only city or postcode close", "one equal", "only one given, equal", "equal"),
            true),
    STREET(List.of("else", "similar", "2 edits", "equal"), true),
    TAX_NUMBER(List.of("else", "2 edits", "1 edit", "equal"), false);

    /** Fields by which equal common values count less than equal rare ones. */
    static final List<MatchField> WITH_FREQUENCIES = List.of(GIVEN_NAME, FAMILY_NAME, EMAIL, PHONE, PLACE);

    private final List<String> levels;
    private final boolean isOfHousehold;

    MatchField(List<String> levels, boolean isOfHousehold) {
        this.levels = levels;
        this.isOfHousehold = isOfHousehold;
    }

    List<String> levels() {
        return levels;
    }

    /** Whether people who live together share it, so that it does not tell them apart. */
    boolean isOfHousehold() {
        return isOfHousehold;
    }

    static MatchField of(String columnName) {
        return valueOf(columnName.toUpperCase(java.util.Locale.ROOT));
    }

    String columnName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The level on which the records {@code a} and {@code b} of a row agree; -1 where either does not state the field. */
    Column level() {
        Column level = switch (this) {
            case GIVEN_NAME -> name("given_name");
            case FAMILY_NAME -> name("family_name");
            case BIRTH_DATE -> birthDate();
            case EMAIL -> email();
            case PHONE -> known("phone", when(same("phone"), 2).when(within("phone", 1), 1));
            case PLACE -> place();
            case STREET -> street();
            case TAX_NUMBER ->
                known(
                        "tax_number",
                        when(same("tax_number"), 3)
                                .when(within("tax_number", 1), 2)
                                .when(within("tax_number", 2), 1));
        };
        return level.cast("tinyint");
    }

    private static Column a(String column) {
        return col("a." + column);
    }

    private static Column b(String column) {
        return col("b." + column);
    }

    private static Column same(String column) {
        return a(column).equalTo(b(column));
    }

    private static Column within(String column, int edits) {
        return within(a(column), b(column), edits);
    }

    private static Column within(Column one, Column other, int edits) {
        return levenshtein(one, other, edits).geq(0);
    }

    private static Column known(String column, Column levels) {
        return when(a(column).isNull().or(b(column).isNull()), -1).otherwise(coalesce(levels, lit(0)));
    }

    private static Column shorter(String column) {
        return least(length(a(column)), length(b(column)));
    }

    private static Column name(String column) {
        Column isPrefix = startswith(a(column), b(column)).or(startswith(b(column), a(column)));
        Column isSwapped = within(a("given_name"), b("family_name"), 1)
                .and(within(a("family_name"), b("given_name"), 1))
                .and(shorterOf("given_name", "family_name").geq(3));
        return known(
                column,
                when(same(column), 4)
                        .when(coalesce(isSwapped, lit(false)), 5)
                        .when(shorter(column).geq(3).and(within(column, 1)), 3)
                        .when(isPrefix.or(shorter(column).geq(5).and(within(column, 2))), 2)
                        .when(
                                left(a(column), lit(1))
                                        .equalTo(left(b(column), lit(1)))
                                        .or(shorter(column).geq(6).and(within(column, 3))),
                                1));
    }

    private static Column shorterOf(String one, String other) {
        return least(length(a(one)), length(b(one)), length(a(other)), length(b(other)));
    }

    private static Column birthDate() {
        Column turned = concat(left(b("birth"), lit(4)), substring(b("birth"), 7, 2), substring(b("birth"), 5, 2));
        return known(
                "birth",
                when(same("birth"), 4)
                        .when(within("birth", 1).or(a("birth").equalTo(turned)), 3)
                        .when(within("birth", 2), 2)
                        .when(left(a("birth"), lit(4)).equalTo(left(b("birth"), lit(4))), 1));
    }

    /** No level for mere likeness: addresses are made of names, so that those of two namesakes are alike. */
    private static Column email() {
        Column mailA = regexp_replace(a("mailbox"), "@.*$", "");
        Column mailB = regexp_replace(b("mailbox"), "@.*$", "");
        return known(
                "mailbox",
                when(same("mailbox"), 3).when(mailA.equalTo(mailB), 2).when(within("mailbox", 2), 1));
    }

    private static Column place() {
        Column postcode =
                when(same("postcode"), 2).when(within("postcode", 1), 1).otherwise(0);
        Column city = when(same("city"), 2)
                .when(
                        within("city", 1)
                                .or(startswith(a("city"), b("city")))
                                .or(startswith(b("city"), a("city")))
                                .or(shorter("city").geq(7).and(within("city", 2))),
                        1)
                .otherwise(0);
        Column hasPostcodes = a("postcode").isNotNull().and(b("postcode").isNotNull());
        Column hasCities = a("city").isNotNull().and(b("city").isNotNull());
        Column both = postcode.plus(city);
        return when(
                        hasPostcodes.and(hasCities),
                        when(both.geq(3), 5)
                                .when(both.equalTo(2), 3)
                                .when(both.equalTo(1), 1)
                                .otherwise(0))
                .when(
                        hasPostcodes,
                        when(postcode.equalTo(2), 4)
                                .when(postcode.equalTo(1), 2)
                                .otherwise(0))
                .when(
                        hasCities,
                        when(city.equalTo(2), 4).when(city.equalTo(1), 2).otherwise(0))
                .otherwise(-1);
    }

    /**
     * Whether a pair agrees in more than name and place: namesakes of one town are common, and what a source does not state it
     * often does not state for all of them.
     *
     * @param levels the column with the level of a field; null or below 0 where it is not stated
     */
    static Column hasMoreThanNameAndPlace(Function<MatchField, Column> levels) {
        return coalesce(
                levels.apply(BIRTH_DATE)
                        .geq(2)
                        .or(levels.apply(EMAIL).geq(1))
                        .or(levels.apply(PHONE).geq(1))
                        .or(levels.apply(STREET).geq(1))
                        .or(levels.apply(TAX_NUMBER).geq(1)),
                lit(false));
    }

    private static Column street() {
        Column longer = greatest(length(a("street")), length(b("street")));
        return known(
                "street",
                when(same("street"), 3)
                        .when(within("street", 2).and(shorter("street").geq(6)), 2)
                        .when(levenshtein(a("street"), b("street")).multiply(3).leq(longer), 1));
    }
}
