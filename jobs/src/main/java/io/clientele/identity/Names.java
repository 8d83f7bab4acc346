package io.clientele.identity;

import static org.apache.spark.sql.functions.udf;

import com.ibm.icu.text.Transliterator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Names and addresses made comparable, in whatever script they are written. Functions of our own, because no built-in one
 * knows Unicode's compatibility forms or other scripts. For comparing only; what a source wrote is kept as it is.
 */
public final class Names {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern OTHERS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern WRITTEN_OUT_UMLAUT = Pattern.compile("([aou])e");
    private static final Pattern FAMILY_FIRST = Pattern.compile("^\\s*([^,]+),\\s*([^,]+)$");
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}{2,4}");
    private static final Set<String> TITLES = Set.of(
            "dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "hr", "fr", "mme", "mlle", "sir", "mag", "ing");
    /** Comparable forms, without blanks. */
    private static final Set<String> COMPANY_FORMS = Set.of(
            "gmbh",
            "ag",
            "kg",
            "ohg",
            "ug",
            "gbr",
            "ev",
            "se",
            "cokg",
            "co",
            "gmbhcokg",
            "inc",
            "incorporated",
            "ltd",
            "limited",
            "llc",
            "llp",
            "plc",
            "corp",
            "corporation",
            "company",
            "sa",
            "sas",
            "sarl",
            "srl",
            "spa",
            "bv",
            "nv",
            "ab",
            "as",
            "oy",
            "oyj",
            "aps",
            "sro",
            "spzoo",
            "zoo",
            "kft",
            "ooo",
            "oao",
            "zao",
            "pao",
            "tov",
            "doo",
            "lda",
            "sl");

    /** Those that also stand in front of a name; others there are part of it, as in {@code "AS Roma"}. */
    private static final Set<String> LEADING_FORMS =
            Set.of("ooo", "oao", "zao", "pao", "ao", "ip", "tov", "sarl", "sas");

    private Names() {}

    static final UserDefinedFunction COMPARABLE = udf((UDF1<String, String>) Names::comparable, DataTypes.StringType);
    static final UserDefinedFunction GIVEN = udf((UDF1<String, String>) Names::given, DataTypes.StringType);
    static final UserDefinedFunction FAMILY = udf((UDF1<String, String>) Names::family, DataTypes.StringType);
    static final UserDefinedFunction FIRST_GIVEN = udf((UDF1<String, String>) Names::firstGiven, DataTypes.StringType);
    static final UserDefinedFunction COMPANY = udf((UDF1<String, String>) Names::company, DataTypes.StringType);
    static final UserDefinedFunction ADDRESS = udf((UDF1<String, String>) Names::address, DataTypes.StringType);

    /** Transliterators hold state, so each thread has its own. */
    private static final ThreadLocal<Transliterator> TO_LATIN = ThreadLocal.withInitial(
            () -> Transliterator.getInstance("Russian-Latin/BGN; Any-Latin; Latin-ASCII; [:Nonspacing Mark:] Remove"));

    /**
     * In Latin letters without case, accents, width and punctuation, umlauts written out or not: {@code "Müller-Weiß"} and
     * {@code "MUELLER WEISS"} are both {@code "muller weiss"}, {@code "Иванов"} is {@code "ivanov"}. Null where nothing is
     * left.
     */
    public static String comparable(String text) {
        if (text == null) {
            return null;
        }
        String plain = text;
        if (!isAscii(text)) {
            String compatible = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                    .replaceAll("");
            plain = isAscii(compatible)
                    ? compatible
                    : TO_LATIN.get().transliterate(Normalizer.normalize(compatible, Normalizer.Form.NFKC));
        }
        String folded = plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        String spaced = OTHERS.matcher(folded).replaceAll(" ").strip();
        String same = WRITTEN_OUT_UMLAUT.matcher(spaced).replaceAll("$1");
        return same.isEmpty() ? null : same;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    /** The comparable given name in a full one: the first word, or what stands behind the comma; null where there is but one. */
    static String given(String fullName) {
        List<String> parts = parts(fullName);
        return parts.size() < 2 ? null : parts.get(0);
    }

    /** The comparable family name in a full one: the last word, or what stands before the comma. */
    static String family(String fullName) {
        List<String> parts = parts(fullName);
        return parts.isEmpty() ? null : parts.get(parts.size() - 1);
    }

    /** The first of several given names, comparable, without titles. */
    static String firstGiven(String givenName) {
        List<String> words = words(givenName);
        return words.isEmpty() ? null : words.get(0);
    }

    /** A company's name, comparable, without its legal form: {@code "Weber Bau GmbH & Co. KG"} is {@code "weber bau"}. */
    static String company(String name) {
        String comparable = comparable(name);
        if (comparable == null) {
            return null;
        }
        List<String> words = new ArrayList<>(Arrays.asList(comparable.split(" ")));
        if (words.size() > 1 && LEADING_FORMS.contains(words.get(0))) {
            words.remove(0);
        }
        boolean isShorter = true;
        while (isShorter && words.size() > 1) {
            isShorter = false;
            // Forms with points come as several words: s. r. o.
            for (int length = Math.min(3, words.size() - 1); length >= 1 && !isShorter; length--) {
                List<String> last = words.subList(words.size() - length, words.size());
                if (COMPANY_FORMS.contains(String.join("", last))) {
                    last.clear();
                    isShorter = true;
                }
            }
        }
        return String.join(" ", words);
    }

    /** An address, comparable, with the common words for streets in one form. */
    static String address(String street) {
        String comparable = comparable(street);
        if (comparable == null) {
            return null;
        }
        StringBuilder out = new StringBuilder();
        for (String word : comparable.split(" ")) {
            String one = switch (word) {
                case "str", "strasse", "street", "st" -> "st";
                case "road", "rd" -> "rd";
                case "avenue", "ave", "av" -> "av";
                case "crescent", "cres", "cr" -> "cr";
                case "place", "pl", "platz" -> "pl";
                default -> word.endsWith("strasse") ? word.substring(0, word.length() - 4) : word;
            };
            out.append(out.isEmpty() ? "" : " ").append(one);
        }
        return out.toString();
    }

    private static List<String> parts(String fullName) {
        if (fullName == null) {
            return List.of();
        }
        var familyFirst = FAMILY_FIRST.matcher(fullName);
        if (familyFirst.matches() && words(familyFirst.group(2)).size() <= 3) {
            String family = comparable(familyFirst.group(1));
            List<String> given = words(familyFirst.group(2));
            if (family != null && !given.isEmpty()) {
                return List.of(given.get(0), family);
            }
        }
        String bare = fullName.strip();
        if (HAN.matcher(bare).matches()) {
            // A Chinese name without a blank: the family name is the first sign.
            return List.of(comparable(bare.substring(1)), comparable(bare.substring(0, 1)));
        }
        List<String> words = words(fullName);
        return words.size() < 2 ? words : List.of(words.get(0), words.get(words.size() - 1));
    }

    private static List<String> words(String name) {
        String comparable = comparable(name);
        if (comparable == null) {
            return List.of();
        }
        List<String> all = Arrays.asList(comparable.split(" "));
        List<String> words = all.stream().filter(w -> !TITLES.contains(w)).toList();
        return words.isEmpty() ? all : words;
    }
}
