package dev.heddle.http.carrier;

import dev.heddle.rpc.Headers;
import java.util.List;

/// A request over HTTP/1.1, without a body, that is answered over HTTP/2: the first stream of the
/// connection from here on. The peer was told so.
///
/// @param target the path as it was sent, query included
/// @param headers without those that were about the connection
/// @param settings those of the peer, in their order
public record Http2Upgrade(String method, String target, Headers headers, List<Setting> settings) {
    /// One setting of HTTP/2, such as `SETTINGS_INITIAL_WINDOW_SIZE`; neither part is checked.
    public record Setting(int id, long value) {}
}
