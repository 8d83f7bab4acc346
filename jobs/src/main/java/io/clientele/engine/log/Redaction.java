package io.clientele.engine.log;

import java.util.regex.Pattern;

/**
 * Takes secrets out of text that people or machines will read. What looks like a secret is replaced by {@code ***}; when
 * in doubt a harmless word goes with it, since a leaked password cannot be taken back.
 */
public final class Redaction {
    /** What stands for a secret. */
    public static final String MASK = "***";

    /** A name that says secret, then = or :, then a quoted or bare value; group 1 is all but the value. */
    static final String NAMED_SECRET = "(?i)("
            + "[\\w.-]*(?:password|passwd|passphrase|pwd|secret|token|credential|access[_.-]?key|api[_.-]?key)[\\w.-]*"
            + "\\\\?[\"']?\\s*[=:]\\s*)"
            + "(?:\\\\?\"[^\"]*\"|\\\\?'[^']*'|[^\\s\"',;&)]+)";

    /** The password in {@code scheme://user:password@host}; group 1 is all before it. */
    static final String URL_PASSWORD = "(://[^/\\s:@]*:)[^\\s/]+(?=@)";

    /** What follows the name of an HTTP authentication scheme; group 1 is that name. */
    static final String AUTHORIZATION = "(?i)(\\b(?:bearer|basic)\\s+)[A-Za-z0-9+/=._~-]+";

    /** What each of the patterns is replaced by. */
    static final String REPLACEMENT = "$1" + MASK;

    private static final Pattern[] PATTERNS = {
        Pattern.compile(URL_PASSWORD), Pattern.compile(AUTHORIZATION), Pattern.compile(NAMED_SECRET)
    };

    private Redaction() {}

    /** The text without its secrets; null stays null. */
    public static String redact(String text) {
        if (text == null) {
            return null;
        }
        String redacted = text;
        for (Pattern pattern : PATTERNS) {
            redacted = pattern.matcher(redacted).replaceAll(REPLACEMENT);
        }
        return redacted;
    }
}
