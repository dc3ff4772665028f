package dev.heddle.facade.http;

import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Gathers text that is to be sent. For one thread, and so without the locks of the JDK's writers.
final class Utf8Text extends Writer {
    private char[] characters = new char[256];
    private int length;

    @Override
    public void write(int character) {
        reserve(1);
        characters[length++] = (char) character;
    }

    @Override
    public void write(char[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, characters, length, count);
        length += count;
    }

    @Override
    public void write(String from, int offset, int count) {
        reserve(count);
        from.getChars(offset, offset + count, characters, length);
        length += count;
    }

    /// All that was written since the last time.
    byte[] take() {
        var taken = new String(characters, 0, length).getBytes(StandardCharsets.UTF_8);
        length = 0;
        return taken;
    }

    private void reserve(int count) {
        if (characters.length - length < count) {
            characters = Arrays.copyOf(characters, Math.max(2 * characters.length, length + count));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
