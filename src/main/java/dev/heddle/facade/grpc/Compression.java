package dev.heddle.facade.grpc;

import dev.heddle.rpc.Headers;

/// Which messages of a call may be compressed, each by itself, with [Gzip].
///
/// @param ofRequests whether the caller compresses what it sends
/// @param ofResponses whether what it gets is compressed
record Compression(boolean ofRequests, boolean ofResponses) {
    private static final Compression NONE = new Compression(false, false);

    /// What a call asks for. A caller that accepts gzip gets it where it sends it itself, or where
    /// the settings say so.
    static Compression of(Headers headers, boolean isGzip, GrpcFacade.Settings settings) {
        return isGzip || settings.compresses() ? new Compression(isGzip, accepts(headers)) : NONE;
    }

    private static boolean accepts(Headers headers) {
        for (var value : headers.all("grpc-accept-encoding")) {
            for (var name : value.split(",", -1)) {
                if (name.strip().equals(Gzip.NAME)) {
                    return true;
                }
            }
        }
        return false;
    }
}
