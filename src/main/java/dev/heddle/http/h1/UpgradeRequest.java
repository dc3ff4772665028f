package dev.heddle.http.h1;

import dev.heddle.http.carrier.Http2Upgrade;
import dev.heddle.rpc.Headers;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A request that may be answered over HTTP/2, by RFC 7540, section 3.2. One that asks for it
/// wrongly, or has a body, is answered over HTTP/1.1 as if it had not asked.
final class UpgradeRequest {
    static final String PROTOCOL = "h2c";

    private static final Set<String> OF_CONNECTION =
            Set.of(
                    "connection",
                    "http2-settings",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "transfer-encoding",
                    "upgrade");

    private final RequestHead head;
    private final List<Http2Upgrade.Setting> settings;

    private UpgradeRequest(RequestHead head, List<Http2Upgrade.Setting> settings) {
        this.head = head;
        this.settings = settings;
    }

    /// Reads what a request asks for.
    ///
    /// @return empty if the request can't be upgraded, or does not want to
    static Optional<UpgradeRequest> of(RequestHead head) {
        var settings = head.headers().all("http2-settings");
        if (settings.size() != 1
                || !head.asksFor(PROTOCOL)
                || !head.lists("connection", "http2-settings")) {
            return Optional.empty();
        }
        return decode(settings.getFirst()).map(decoded -> new UpgradeRequest(head, decoded));
    }

    Http2Upgrade granted() {
        var headers = Headers.builder();
        head.headers()
                .forEach((name, value) -> {
                    if (!OF_CONNECTION.contains(name)) {
                        headers.add(name, value);
                    }
                });
        var query = head.rawQuery();
        var target = query.isEmpty() ? head.rawPath() : head.rawPath() + "?" + query;
        return new Http2Upgrade(head.method(), target, headers.build(), settings);
    }

    private static Optional<List<Http2Upgrade.Setting>> decode(String text) {
        try {
            var payload = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            var settings = new ArrayList<Http2Upgrade.Setting>();
            while (payload.hasRemaining()) {
                var id = Short.toUnsignedInt(payload.getShort());
                var value = Integer.toUnsignedLong(payload.getInt());
                settings.add(new Http2Upgrade.Setting(id, value));
            }
            return Optional.of(List.copyOf(settings));
        } catch (IllegalArgumentException | BufferUnderflowException _) {
            return Optional.empty();
        }
    }
}
