package dev.heddle.facade.http;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import java.util.Collection;
import java.util.Optional;

/// What pages of other origins may do (the Fetch standard, "CORS protocol").
final class Cors {
    private static final String EXPOSED =
            "content-disposition, retry-after, server-timing, www-authenticate";

    private final Settings settings;

    Cors(Settings settings) {
        this.settings = settings;
    }

    /// Whether a request asks what an origin may do, rather than doing it.
    static boolean isPreflight(Exchange exchange) {
        return exchange.method().equals("OPTIONS")
                && exchange.headers().contains("origin")
                && exchange.headers().contains("access-control-request-method");
    }

    /// Whether answers depend on the origin, so that caches must keep them apart.
    boolean dependsOnOrigin() {
        return !settings.corsAllowedOrigins().isEmpty() && !allowsAll();
    }

    /// Adds to the headers of an answer what lets the page see it.
    void allow(Exchange exchange, Headers.Builder headers) {
        allowedOrigin(exchange)
                .ifPresent(origin -> {
                    allowOrigin(origin, headers);
                    headers.set("access-control-expose-headers", EXPOSED);
                });
    }

    /// Adds to the answer to a preflight what the page may do.
    ///
    /// @param methods the methods that the path has
    void allowPreflight(Exchange exchange, Collection<String> methods, Headers.Builder headers) {
        allowedOrigin(exchange)
                .ifPresent(origin -> {
                    allowOrigin(origin, headers);
                    headers.set("access-control-allow-methods", String.join(", ", methods));
                    exchange.headers()
                            .first("access-control-request-headers")
                            .ifPresent(
                                    wanted -> headers.set("access-control-allow-headers", wanted));
                    headers.set(
                            "access-control-max-age",
                            Long.toString(settings.corsMaxAge().toSeconds()));
                });
    }

    private void allowOrigin(String origin, Headers.Builder headers) {
        headers.set("access-control-allow-origin", origin);
        if (settings.corsAllowCredentials()) {
            headers.set("access-control-allow-credentials", "true");
        }
    }

    private Optional<String> allowedOrigin(Exchange exchange) {
        return exchange.headers()
                .first("origin")
                .filter(origin -> allowsAll() || settings.corsAllowedOrigins().contains(origin))
                .map(origin -> allowsAll() ? Settings.ANY_ORIGIN : origin);
    }

    private boolean allowsAll() {
        return settings.corsAllowedOrigins().contains(Settings.ANY_ORIGIN);
    }
}
