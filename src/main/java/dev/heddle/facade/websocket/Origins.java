package dev.heddle.facade.websocket;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which pages may call. Browsers let every page open a WebSocket to everywhere and say where it
/// comes from; it is for the server to mind (RFC 6455, section 10.2).
record Origins(Set<String> allowed) {
    private static final String ANY = "*";

    /// Whose page it is: a tuple origin of the HTML standard.
    private record Tuple(String scheme, String host, int port) {
        static Optional<Tuple> parse(String text) {
            try {
                var uri = URI.create(text.toLowerCase(Locale.ROOT));
                var port = defaultPort(uri.getScheme());
                return uri.getHost() == null || port < 0 || !uri.getPath().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Tuple(
                                        uri.getScheme(),
                                        uri.getHost(),
                                        uri.getPort() < 0 ? port : uri.getPort()));
            } catch (IllegalArgumentException _) {
                // such as null, of pages that have none
                return Optional.empty();
            }
        }

        private static int defaultPort(String scheme) {
            return switch (scheme) {
                case "http" -> 80;
                case "https" -> 443;
                case null, default -> -1;
            };
        }
    }

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
        return allowed.contains(ANY)
                || allowed.contains(origin)
                || Tuple.parse(origin).filter(page -> isOwn(page, exchange)).isPresent();
    }

    /// Without TLS here a page may have come by it all the same: from a proxy before the gateway.
    /// With TLS a page that came without may be anybody's.
    private static boolean isOwn(Tuple page, Exchange exchange) {
        return (page.scheme().equals("https") || !exchange.isSecure())
                && exchange.headers()
                        .first("host")
                        .flatMap(host -> Tuple.parse(page.scheme() + "://" + host))
                        .filter(page::equals)
                        .isPresent();
    }
}
