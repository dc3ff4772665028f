package dev.heddle.source;

import java.net.URI;

/// Addresses as the client must be told them.
public final class RawAddresses {
    private RawAddresses() {}

    /// The client decodes an address and then sends it, with whatever has come to light, so that an
    /// id could end the path, or the request. With this there is nothing to decode but what it was.
    public static URI asItIs(URI uri) {
        return URI.create(uri.toString().replace("%", "%25"));
    }
}
