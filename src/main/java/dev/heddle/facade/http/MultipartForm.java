package dev.heddle.facade.http;

import dev.heddle.http.BodyMalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The parts of a form (`multipart/form-data`: RFC 7578, RFC 2046, section 5.1), one after the
/// other, in a buffer of constant size.
final class MultipartForm {
    private static final int SIZE = 64 * 1024;
    private static final int MAX_HEADER_SIZE = 8 * 1024;
    private static final int MAX_PARTS = 100;

    /// How much there may be before the first part and behind the last, in bytes.
    private static final int MAX_AROUND = 64 * 1024;

    private static final Pattern BOUNDARY =
            Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[SIZE];
    private int from;
    private int to;
    private int parts;
    private boolean isWithinPart = true;
    private boolean isClosed;

    /// What precedes the content of a part.
    ///
    /// @param fileName of a part that is a file
    record Part(String name, Optional<String> fileName, Optional<String> type) {}

    private MultipartForm(InputStream in, String boundary) {
        this.in = in;
        // the line break before a delimiter belongs to it; so the first one needs one too
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        buffer[0] = '\r';
        buffer[1] = '\n';
        to = 2;
    }

    static MultipartForm of(InputStream in, MediaType type) throws BodyMalformedException {
        var boundary = type.parameter("boundary").filter(b -> BOUNDARY.matcher(b).matches());
        if (boundary.isEmpty()) {
            throw new BodyMalformedException(
                    "content-type: no boundary that can be one (expected: as in RFC 2046)");
        }
        return new MultipartForm(in, boundary.get());
    }

    /// Goes on to the next part, past what is left of the one before; empty behind the last.
    Optional<Part> next() throws IOException {
        if (isClosed) {
            return Optional.empty();
        }
        if (isWithinPart) {
            skip();
        }
        if (isCloseDelimiter()) {
            isClosed = true;
            drain();
            return Optional.empty();
        }
        if (++parts > MAX_PARTS) {
            throw new BodyMalformedException("more than %d parts".formatted(MAX_PARTS));
        }
        var part = part(header());
        isWithinPart = true;
        return Optional.of(part);
    }

    /// The content of the part at hand.
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return length == 0 ? 0 : readPart(into, offset, length);
            }
        };
    }

    private int readPart(byte[] into, int offset, int length) throws IOException {
        while (isWithinPart) {
            var end = find();
            var available = end >= 0 ? end - from : to - from - delimiter.length + 1;
            if (available > 0) {
                var count = Math.min(available, length);
                System.arraycopy(buffer, from, into, offset, count);
                from += count;
                return count;
            }
            if (end >= 0) {
                from += delimiter.length;
                isWithinPart = false;
            } else {
                fill();
            }
        }
        return -1;
    }

    private void skip() throws IOException {
        var scrap = new byte[4096];
        var skipped = 0L;
        for (var count = 0; count >= 0; count = readPart(scrap, 0, scrap.length)) {
            skipped += count;
            if (skipped > MAX_AROUND) {
                throw new BodyMalformedException(
                        "more than %d bytes before a part".formatted(MAX_AROUND));
            }
        }
    }

    /// Where the next delimiter begins; -1 if not in what has come.
    private int find() {
        for (var i = from; i <= to - delimiter.length; i++) {
            if (buffer[i] == '\r' && isDelimiter(i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isDelimiter(int at) {
        for (var i = 1; i < delimiter.length; i++) {
            if (buffer[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isCloseDelimiter() throws IOException {
        while (to - from < 2) {
            fill();
        }
        if (buffer[from] == '-' && buffer[from + 1] == '-') {
            return true;
        }
        if (!line(MAX_HEADER_SIZE).isBlank()) {
            throw new BodyMalformedException("a delimiter with more behind it on its line");
        }
        return false;
    }

    private Map<String, String> header() throws IOException {
        var fields = new HashMap<String, String>();
        var room = MAX_HEADER_SIZE;
        for (var line = line(room); !line.isEmpty(); line = line(room)) {
            room -= line.length() + 2;
            var colon = line.indexOf(':');
            if (colon < 1) {
                throw new BodyMalformedException("a line of a part's header without a colon");
            }
            fields.put(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return fields;
    }

    private static Part part(Map<String, String> header) throws BodyMalformedException {
        var disposition = header.getOrDefault("content-disposition", "");
        var name = ContentDisposition.partParameter(disposition, "name");
        if (name.isEmpty() || !disposition.toLowerCase(Locale.ROOT).startsWith("form-data")) {
            throw new BodyMalformedException(
                    "a part without a name (expected: content-disposition: form-data; name=…)");
        }
        var encoding = header.getOrDefault("content-transfer-encoding", "binary");
        if (!encoding.toLowerCase(Locale.ROOT).matches("7bit|8bit|binary")) {
            throw new BodyMalformedException(
                    "a part in content-transfer-encoding %s (expected: none)".formatted(encoding));
        }
        return new Part(
                name.get(),
                ContentDisposition.fileNameOfPart(disposition),
                Optional.ofNullable(header.get("content-type")));
    }

    private String line(int max) throws IOException {
        for (var i = from; ; i++) {
            while (i + 1 >= to) {
                var passed = i - from;
                fill();
                i = from + passed;
            }
            if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                var line = new String(buffer, from, i - from, StandardCharsets.UTF_8);
                from = i + 2;
                return line;
            }
            if (i - from >= max) {
                throw new BodyMalformedException(
                        "the header of a part is longer than %d bytes".formatted(MAX_HEADER_SIZE));
            }
        }
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        var count = in.read(buffer, to, SIZE - to);
        if (count < 0) {
            throw new BodyMalformedException("the form ends too early (expected: its boundary)");
        }
        to += count;
    }

    /// Behind the form the connection may have another request.
    private void drain() throws IOException {
        var drained = to - from;
        for (var count = 0; count >= 0; count = in.read(buffer, 0, SIZE)) {
            drained += count;
            if (drained > MAX_AROUND) {
                throw new BodyMalformedException(
                        "more than %d bytes behind the form".formatted(MAX_AROUND));
            }
        }
    }
}
