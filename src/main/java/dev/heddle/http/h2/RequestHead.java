package dev.heddle.http.h2;

import dev.heddle.http.carrier.Characters;
import dev.heddle.http.carrier.Http2Upgrade;
import dev.heddle.rpc.Headers;
import org.jspecify.annotations.Nullable;

/// What comes before the body of a request, well-formed by RFC 9113, section 8.
///
/// @param path as it was sent, query included
/// @param length what the peer says that the body has, in bytes; [#UNKNOWN] if nothing
record RequestHead(String method, String path, Headers headers, long length) {
    static final long UNKNOWN = -1;

    /// Stands for the head of a request that was not understood.
    static final RequestHead REFUSED = new RequestHead("GET", "/", Headers.empty(), UNKNOWN);

    private static final int MAX_LENGTH_DIGITS = 18;

    /// Takes the fields of a request.
    ///
    /// @throws StreamException if they can't be those of a request
    static RequestHead of(int streamId, HeaderFields fields) throws StreamException {
        return new Parser(streamId).parse(fields);
    }

    /// Takes a request that came over HTTP/1.1.
    static RequestHead of(Http2Upgrade upgrade) {
        return new RequestHead(upgrade.method(), upgrade.target(), upgrade.headers(), UNKNOWN);
    }

    /// Checks the fields that follow a body; nobody wants to know them.
    static void checkTrailers(int streamId, HeaderFields fields) throws StreamException {
        var parser = new Parser(streamId);
        for (var i = 0; i < fields.size(); i++) {
            parser.check(!fields.name(i).startsWith(":"), "a pseudo-header among trailers");
            parser.checkField(fields.name(i), fields.value(i));
        }
    }

    /// Whether the client waits for an interim answer before it sends the body.
    boolean expectsContinue() {
        return headers.first("expect").filter("100-continue"::equalsIgnoreCase).isPresent();
    }

    /// One pass over the fields.
    private static final class Parser {
        private final int streamId;
        private final Headers.Builder headers = Headers.builder();
        private @Nullable String method;
        private @Nullable String path;
        private @Nullable String scheme;
        private @Nullable String authority;
        private @Nullable String cookies;
        private long length = UNKNOWN;
        private boolean pseudoIsOver;

        Parser(int streamId) {
            this.streamId = streamId;
        }

        RequestHead parse(HeaderFields fields) throws StreamException {
            for (var i = 0; i < fields.size(); i++) {
                var name = fields.name(i);
                if (name.startsWith(":")) {
                    check(!pseudoIsOver, "a pseudo-header behind a field");
                    pseudo(name, fields.value(i));
                } else {
                    field(name, fields.value(i));
                }
            }
            if (cookies != null) {
                headers.set("cookie", cookies);
            }
            if (authority != null && !headers.contains("host")) {
                headers.add("host", authority);
            }
            if (method == null || path == null || scheme == null || path.isEmpty()) {
                throw malformed("not one each of :method, :scheme and :path");
            }
            return new RequestHead(method, path, headers.build(), length);
        }

        private void pseudo(String name, String value) throws StreamException {
            check(Characters.isFieldValue(value), "a pseudo-header with a control character");
            switch (name) {
                case ":method" -> {
                    check(method == null && Characters.isToken(value), "not one :method");
                    method = value;
                }
                case ":path" -> {
                    check(path == null, "not one :path");
                    path = value;
                }
                case ":scheme" -> {
                    check(scheme == null, "not one :scheme");
                    scheme = value;
                }
                case ":authority" -> {
                    check(authority == null, "not one :authority");
                    authority = value;
                }
                default -> throw malformed("an unknown pseudo-header");
            }
        }

        private void field(String name, String value) throws StreamException {
            pseudoIsOver = true;
            checkField(name, value);
            switch (name) {
                case "connection",
                        "keep-alive",
                        "proxy-connection",
                        "transfer-encoding",
                        "upgrade" ->
                        throw malformed("a field of HTTP/1.1 connections");
                case "te" -> check(value.equalsIgnoreCase("trailers"), "te other than trailers");
                case "content-length" -> length(value);
                default -> {}
            }
            if (name.equals("cookie")) {
                cookies = cookies == null ? value : cookies + "; " + value;
            } else {
                headers.add(name, value);
            }
        }

        private void length(String value) throws StreamException {
            check(
                    length == UNKNOWN
                            && !value.isEmpty()
                            && value.length() <= MAX_LENGTH_DIGITS
                            && value.chars().allMatch(c -> c >= '0' && c <= '9'),
                    "content-length is not one number");
            length = Long.parseLong(value);
        }

        void checkField(String name, String value) throws StreamException {
            check(isLowerCaseToken(name), "a field name that is no token in lower case");
            check(
                    Characters.isFieldValue(value) && !isPadded(value),
                    "a field value with a control character or space around it");
        }

        void check(boolean isFine, String otherwise) throws StreamException {
            if (!isFine) {
                throw malformed(otherwise);
            }
        }

        private StreamException malformed(String message) {
            return new StreamException(streamId, ErrorCode.PROTOCOL_ERROR, message);
        }

        private static boolean isLowerCaseToken(String name) {
            for (var i = 0; i < name.length(); i++) {
                if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
                    return false;
                }
            }
            return Characters.isToken(name);
        }

        private static boolean isPadded(String value) {
            return !value.isEmpty()
                    && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)));
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }
    }
}
