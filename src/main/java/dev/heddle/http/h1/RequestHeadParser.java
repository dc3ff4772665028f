package dev.heddle.http.h1;

import dev.heddle.http.carrier.Characters;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.h1.LineReader.BadLineException;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Reads the heads of HTTP/1.1 requests as RFC 9112 has them, and refuses everything that two
/// parties could understand differently: that is how requests are smuggled past a proxy.
final class RequestHeadParser {
    private static final int MAX_EMPTY_LINES = 2;
    private static final Pattern VERSION = Pattern.compile("HTTP/\\d\\.\\d");

    private final LineReader lines;
    private final Settings settings;

    RequestHeadParser(LineReader lines, Settings settings) {
        this.lines = lines;
        this.settings = settings;
    }

    /// @throws IOException if the peer ends before the head does
    RequestHead next() throws IOException, RefusedException {
        var line = requestLine();
        var first = line.indexOf(' ');
        var last = line.lastIndexOf(' ');
        if (first == last) {
            throw RefusedException.malformed("the request line is not method, target and version");
        }
        checkVersion(line.substring(last + 1));
        var method = line.substring(0, first);
        if (!Characters.isToken(method)) {
            throw RefusedException.malformed("the method is not a token");
        }
        var target = RequestTarget.parse(method, line.substring(first + 1, last));
        var headers = headers();
        MessageRules.checkHost(headers);
        MessageRules.checkExpectation(headers);
        return new RequestHead(
                method, target.path(), target.query(), headers, MessageRules.bodyLength(headers));
    }

    private String requestLine() throws IOException, RefusedException {
        for (var i = 0; i <= MAX_EMPTY_LINES; i++) {
            var line = line(settings.maxPrologueSize(), this::lineTooLong);
            if (!line.isEmpty()) {
                return line;
            }
        }
        throw RefusedException.malformed("empty lines before the request");
    }

    private static void checkVersion(String version) throws RefusedException {
        if (version.equals("HTTP/1.1")) {
            return;
        }
        if (VERSION.matcher(version).matches()) {
            throw new RefusedException(505, "this server speaks HTTP/1.1 and HTTP/2");
        }
        throw RefusedException.malformed("the request line does not end in a version of HTTP");
    }

    private Headers headers() throws IOException, RefusedException {
        var headers = Headers.builder();
        var left = settings.maxHeaderSize();
        while (true) {
            var line = line(left, this::tooLarge);
            if (line.isEmpty()) {
                return headers.build();
            }
            left -= line.length() + 2;
            if (left < 0) {
                throw tooLarge();
            }
            addField(headers, line);
        }
    }

    private RefusedException lineTooLong() {
        return new RefusedException(
                414, "request line of more than %d bytes".formatted(settings.maxPrologueSize()));
    }

    private RefusedException tooLarge() {
        return new RefusedException(
                431, "header of more than %d bytes".formatted(settings.maxHeaderSize()));
    }

    private static void addField(Headers.Builder headers, String line) throws RefusedException {
        var colon = line.indexOf(':');
        if (colon < 0 || !Characters.isToken(line, 0, colon)) {
            // White space before the colon, and a line that goes on in the next, end here as well.
            throw RefusedException.malformed("a header field is not name, colon and value");
        }
        var value = Characters.trim(line, colon + 1);
        if (!Characters.isFieldValue(value)) {
            throw RefusedException.malformed("a header field holds a control character");
        }
        headers.add(line.substring(0, colon), value);
    }

    private String line(int maxLength, Supplier<RefusedException> tooLong)
            throws IOException, RefusedException {
        try {
            return lines.next(maxLength);
        } catch (BadLineException e) {
            throw e.isTooLong()
                    ? tooLong.get()
                    : RefusedException.malformed("a line does not end in CR LF");
        }
    }
}
