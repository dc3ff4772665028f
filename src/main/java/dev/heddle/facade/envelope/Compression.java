package dev.heddle.facade.envelope;

import dev.heddle.rpc.Headers;

/// Which messages of a call may be compressed, each by itself, with [Gzip].
///
/// @param ofRequests whether the caller compresses what it sends
/// @param ofResponses whether what it gets is compressed
public record Compression(boolean ofRequests, boolean ofResponses) {
    private static final Compression NONE = new Compression(false, false);

    /// What a call asks for. A caller that accepts gzip gets it where it sends it itself, or where
    /// the settings say so.
    ///
    /// @param accepting the name of the header field that says what the caller accepts
    /// @param isGzip whether the caller says that it compresses
    public static Compression of(
            Headers headers, String accepting, boolean isGzip, MessageSettings settings) {
        return isGzip || settings.compresses()
                ? new Compression(isGzip, accepts(headers, accepting))
                : NONE;
    }

    private static boolean accepts(Headers headers, String accepting) {
        for (var value : headers.all(accepting)) {
            for (var name : value.split(",", -1)) {
                if (name.strip().equals(Gzip.NAME)) {
                    return true;
                }
            }
        }
        return false;
    }
}
