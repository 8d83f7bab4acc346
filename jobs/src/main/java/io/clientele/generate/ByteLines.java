package io.clientele.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes text to a file through one reused buffer, without making objects for its numbers. */
final class ByteLines implements AutoCloseable {
    private static final int CAPACITY = 1 << 20;
    private static final int LONGEST_PIECE = 1 << 12;

    private final OutputStream out;
    private final byte[] buffer = new byte[CAPACITY];
    private int length;

    private ByteLines(OutputStream out) {
        this.out = out;
    }

    /** The file is made anew, and its folder where it is missing. */
    static ByteLines to(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return new ByteLines(Files.newOutputStream(file));
    }

    /** The bytes of a text, for {@link #text(byte[])}. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    ByteLines text(byte[] text) {
        System.arraycopy(text, 0, buffer, length, text.length);
        length += text.length;
        return this;
    }

    ByteLines text(String text) {
        return text(bytes(text));
    }

    ByteLines comma() {
        buffer[length++] = ',';
        return this;
    }

    /** A whole number, not negative. */
    ByteLines number(long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return padded(value, digits);
    }

    /** A whole number, not negative, filled up with zeros. */
    ByteLines padded(long value, int digits) {
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Cents as a decimal number with a point. */
    ByteLines money(long cents) {
        if (cents < 0) {
            buffer[length++] = '-';
        }
        number(Math.abs(cents) / 100);
        buffer[length++] = '.';
        return padded(Math.abs(cents) % 100, 2);
    }

    /** Ends a line, which may be at most 4 KB long. */
    void end() throws IOException {
        buffer[length++] = '\n';
        if (length > CAPACITY - LONGEST_PIECE) {
            flush();
        }
    }

    private void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }

    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        }
    }
}
