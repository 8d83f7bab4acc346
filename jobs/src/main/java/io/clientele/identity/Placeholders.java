package io.clientele.identity;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import org.apache.spark.sql.Column;

/** What people type when they have nothing to say; it becomes null before anything is compared or blocked on. */
public final class Placeholders {
    private static final List<String> TEXTS = List.of(
            "",
            "-",
            "--",
            "---",
            "-/-",
            ".",
            "..",
            "?",
            "??",
            "/",
            "*",
            "x",
            "xx",
            "xxx",
            "xxxx",
            "n/a",
            "na",
            "n.a.",
            "n.n.",
            "none",
            "null",
            "nil",
            "nan",
            "unknown",
            "unbekannt",
            "tbd",
            "tba",
            "test",
            "testkunde",
            "dummy",
            "asdf",
            "not available",
            "not known",
            "no name",
            "noname",
            "anonymous",
            "anonym",
            "keine angabe",
            "k.a.",
            "undefined");

    private static final List<String> MAILBOXES = List.of(
            "info",
            "test",
            "noreply",
            "no-reply",
            "donotreply",
            "none",
            "no",
            "office",
            "kontakt",
            "contact",
            "mail",
            "email",
            "noemail",
            "nomail",
            "keine",
            "admin",
            "webmaster",
            "sales",
            "support",
            "service",
            "hello",
            "unknown",
            "na",
            "n.a");

    private static final List<String> DATES = List.of(
            "1753-01-01",
            "1800-01-01",
            "1899-12-30",
            "1899-12-31",
            "1900-01-01",
            "1901-01-01",
            "1970-01-01",
            "2099-12-31",
            "9999-12-31");

    private Placeholders() {}

    /** A text with single blanks; null where it is a placeholder, a run of one sign, or zeros alone. */
    public static Column text(Column value) {
        Column trimmed = trim(regexp_replace(value, "\\s+", " "));
        return when(
                lower(trimmed)
                        .isInCollection(TEXTS)
                        .or(trimmed.rlike("^0+$|^(\\S)\\1{4,}$"))
                        .equalTo(false),
                trimmed);
    }

    /** An e-mail in lower case; null where it is none, or nobody's own: info@, noreply@. */
    public static Column email(Column value) {
        Column email = lower(trim(value));
        return when(
                email.rlike("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]{2,}$")
                        .and(regexp_replace(email, "@.*$", "")
                                .isInCollection(MAILBOXES)
                                .equalTo(false)),
                email);
    }

    /** Whether digits are one and the same throughout, or there are none. */
    public static Column isEmptyPhone(Column value) {
        return regexp_replace(value, "[^0-9]", "").rlike("^0*$|^(\\d)\\1+$|^0*1234567890?$");
    }

    /** A date of birth; null where it is one that systems and people fill in for none. */
    public static Column birthDate(Column value) {
        return when(value.cast("string").isInCollection(DATES).equalTo(false), value);
    }

    /** {@link #text} of a column by name. */
    public static Column text(String column) {
        return text(col(column));
    }
}
