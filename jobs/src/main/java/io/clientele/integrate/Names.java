package io.clientele.integrate;

import static org.apache.spark.sql.functions.udf;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Names made comparable. A function of our own, because no built-in one knows Unicode's compatibility forms. */
final class Names {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern OTHERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private Names() {}

    /** {@link #comparable} as a column function. */
    static final UserDefinedFunction COMPARABLE = udf((UDF1<String, String>) Names::comparable, DataTypes.StringType);

    /**
     * Without case, accents, width and punctuation: {@code "Müller-Weiß"} and {@code "MULLER WEISS"} are both
     * {@code "muller weiss"}. Null where nothing is left. For comparing only; what a source wrote is kept as it is.
     */
    static String comparable(String name) {
        if (name == null) {
            return null;
        }
        String plain =
                MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKD)).replaceAll("");
        // Upper case first: it is what unfolds the German sharp s.
        String folded = plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        String spaced = OTHERS.matcher(folded).replaceAll(" ").strip();
        return spaced.isEmpty() ? null : spaced;
    }
}
