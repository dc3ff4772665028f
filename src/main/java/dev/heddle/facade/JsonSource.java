package dev.heddle.facade;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The characters of a JSON text, which is UTF-8 and nothing else (RFC 8259). It remembers how
/// reading failed, so that a broken connection isn't taken for broken JSON.
final class JsonSource extends Reader {
    private final InputStreamReader reader;
    private Optional<IOException> failure = Optional.empty();

    JsonSource(InputStream in) {
        reader = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        try {
            return reader.read(into, offset, length);
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }

    Optional<IOException> failure() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
