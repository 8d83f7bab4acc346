package io.clientele.identity;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.levenshtein;
import static org.apache.spark.sql.functions.lit;
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

    private static final String IS_SWAPPED = "_is_swapped";

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

    /**
     * What several levels are told by, computed once for each pair, with the names under which {@link #level} reads it: edits
     * between values that differ, -1 for more than matter and null where either does not state the field, and whether names are
     * swapped.
     */
    static List<Column> distances() {
        Column isSwapped = within(a("given_name"), b("family_name"), 1)
                .and(within(a("family_name"), b("given_name"), 1))
                .and(least(
                                length(a("given_name")),
                                length(b("given_name")),
                                length(a("family_name")),
                                length(b("family_name")))
                        .geq(3));
        return List.of(
                edits("given_name", 3),
                edits("family_name", 3),
                edits("birth", 2),
                edits("city", 2),
                coalesce(isSwapped, lit(false)).as(IS_SWAPPED));
    }

    /** Equal values are told by comparing them, which is cheaper. */
    private static Column edits(String column, int most) {
        return when(a(column).notEqual(b(column)), levenshtein(a(column), b(column), most))
                .otherwise(when(a(column).isNotNull().and(b(column).isNotNull()), 0))
                .as(editsOf(column));
    }

    private static String editsOf(String column) {
        return "_" + column + "_edits";
    }

    /** Whether a field that has {@link #distances} is within some edits. */
    private static Column isNear(String column, int edits) {
        return col(editsOf(column)).between(0, edits);
    }

    /**
     * The level on which the records {@code a} and {@code b} of a row with {@link #distances} agree; -1 where either does not
     * state the field.
     */
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

    static Column same(String column) {
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
        return known(
                column,
                when(same(column), 4)
                        .when(col(IS_SWAPPED), 5)
                        .when(isNear(column, 1).and(shorter(column).geq(3)), 3)
                        .when(isPrefix.or(isNear(column, 2).and(shorter(column).geq(5))), 2)
                        .when(
                                left(a(column), lit(1))
                                        .equalTo(left(b(column), lit(1)))
                                        .or(isNear(column, 3)
                                                .and(shorter(column).geq(6))),
                                1));
    }

    private static Column birthDate() {
        Column turned = concat(left(b("birth"), lit(4)), substring(b("birth"), 7, 2), substring(b("birth"), 5, 2));
        return known(
                "birth",
                when(same("birth"), 4)
                        .when(isNear("birth", 1).or(a("birth").equalTo(turned)), 3)
                        .when(isNear("birth", 2), 2)
                        .when(left(a("birth"), lit(4)).equalTo(left(b("birth"), lit(4))), 1));
    }

    /** No level for mere likeness: addresses are made of names, so that those of two namesakes are alike. */
    private static Column email() {
        return known(
                "mailbox",
                when(same("mailbox"), 3).when(same(CandidatePairs.MAIL_NAME), 2).when(within("mailbox", 2), 1));
    }

    private static Column place() {
        Column postcode =
                when(same("postcode"), 2).when(within("postcode", 1), 1).otherwise(0);
        Column city = when(same("city"), 2)
                .when(
                        isNear("city", 1)
                                .or(startswith(a("city"), b("city")))
                                .or(startswith(b("city"), a("city")))
                                .or(isNear("city", 2).and(shorter("city").geq(7))),
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
        Column third =
                greatest(length(a("street")), length(b("street"))).divide(3).cast("int");
        return known(
                "street",
                when(same("street"), 3)
                        .when(within("street", 2).and(shorter("street").geq(6)), 2)
                        .when(
                                call_function("levenshtein", a("street"), b("street"), third)
                                        .geq(0),
                                1));
    }
}
