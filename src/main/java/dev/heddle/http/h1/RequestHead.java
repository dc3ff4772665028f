package dev.heddle.http.h1;

import dev.heddle.rpc.Headers;

/// What comes before the body of an HTTP/1.1 request, checked.
///
/// @param rawPath as it was sent, from the first `/`, or `*`
/// @param rawQuery as it was sent, without `?`
/// @param length the length of the body in bytes, [#CHUNKED] where it is not known
record RequestHead(String method, String rawPath, String rawQuery, Headers headers, long length) {
    static final long CHUNKED = -1;

    boolean hasBody() {
        return length != 0;
    }

    /// Whether the client wants the connection to stay open.
    boolean keepsAlive() {
        return !lists("connection", "close");
    }

    /// Whether the client would rather speak another protocol from here on.
    boolean asksFor(String protocol) {
        return !hasBody() && lists("connection", "upgrade") && lists("upgrade", protocol);
    }

    /// Whether a field that is a list holds an element, whatever the case of its letters.
    boolean lists(String name, String element) {
        for (var value : headers.all(name)) {
            for (var each : value.split(",", -1)) {
                if (each.strip().equalsIgnoreCase(element)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether the client waits for an interim answer before it sends the body.
    boolean expectsContinue() {
        return headers.first("expect").isPresent() && hasBody();
    }

    boolean isHead() {
        return method.equals("HEAD");
    }
}
