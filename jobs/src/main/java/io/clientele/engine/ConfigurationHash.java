package io.clientele.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name for everything besides its inputs on which a job's result depends. */
public final class ConfigurationHash {
    private ConfigurationHash() {}

    /** The first 16 hexadecimal digits of SHA-256 over the job's revision and its configuration's text. */
    public static String of(Job job) {
        return of(job.name() + "|" + job.revision() + "|" + job.configuration());
    }

    /** The first 16 hexadecimal digits of a text's SHA-256. */
    public static String of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
