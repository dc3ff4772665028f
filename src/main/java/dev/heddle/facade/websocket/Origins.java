package dev.heddle.facade.websocket;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Set;

/// Which pages may call. Browsers let every page open a WebSocket to everywhere and say where it
/// comes from; it is for the server to mind (RFC 6455, section 10.2).
record Origins(Set<String> allowed) {
    private static final String ANY = "*";

    /// @throws RpcException PERMISSION_DENIED for a page that may not
    void check(Exchange exchange) {
        var origin = exchange.headers().first("origin");
        if (origin.isPresent() && !allows(origin.get(), exchange)) {
            throw new RpcException(
                            Code.PERMISSION_DENIED,
                            "origin %s may not call (expected: the gateway's own, or one of websocket.allowed-origins)"
                                    .formatted(origin.get()))
                    .withReason("ORIGIN_NOT_ALLOWED");
        }
    }

    private boolean allows(String origin, Exchange exchange) {
        return allowed.contains(ANY) || allowed.contains(origin) || isOwn(origin, exchange);
    }

    private static boolean isOwn(String origin, Exchange exchange) {
        var authority = origin.indexOf("://") + 3;
        return exchange.headers()
                .first("host")
                .filter(host -> authority > 2 && host.equalsIgnoreCase(origin.substring(authority)))
                .isPresent();
    }
}
