package dev.heddle.facade.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The characters of a JSON text, which is UTF-8 and nothing else (RFC 8259). It remembers how
/// reading failed, so that a broken connection isn't taken for broken JSON.
final class JsonSource extends Reader {
    private static final int BUFFER_SIZE = 4096;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final InputStream in;
    private final ByteBuffer bytes;
    private boolean isAtEnd;
    private Optional<IOException> failure = Optional.empty();

    JsonSource(InputStream in) {
        this.in = in;
        this.bytes = ByteBuffer.allocate(BUFFER_SIZE).limit(0);
    }

    JsonSource(byte[] text) {
        this.in = InputStream.nullInputStream();
        this.bytes = ByteBuffer.wrap(text);
        this.isAtEnd = true;
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        try {
            var chars = CharBuffer.wrap(into, offset, length);
            while (true) {
                var result = decoder.decode(bytes, chars, isAtEnd);
                if (result.isError()) {
                    result.throwException();
                }
                if (chars.position() > offset) {
                    return chars.position() - offset;
                }
                if (result.isOverflow()) {
                    throw new IllegalArgumentException(
                            "length: %d (expected: >= 2, for a surrogate pair)".formatted(length));
                }
                if (isAtEnd) {
                    return -1;
                }
                fill();
            }
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }

    private void fill() throws IOException {
        bytes.compact();
        var count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        isAtEnd = count < 0;
        bytes.position(bytes.position() + Math.max(0, count)).flip();
    }

    Optional<IOException> failure() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
