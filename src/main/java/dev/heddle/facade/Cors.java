package dev.heddle.facade;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What pages of other origins may do (the Fetch standard, "CORS protocol").
public final class Cors {
    private final Settings settings;
    private final List<String> exposed;

    /// Whose pages may call.
    ///
    /// @param allowedOrigins the origins, such as `https://app.example.com`, whose pages may call;
    ///   `*` for all; default none, key `http.cors.allowed-origins`
    /// @param allowCredentials whether those pages may send cookies; not with `*`; default false,
    ///   key `http.cors.allow-credentials`
    /// @param maxAge how long a browser may keep the answer to a preflight; not negative, default 1
    ///   h, key `http.cors.max-age`
    public record Settings(Set<String> allowedOrigins, boolean allowCredentials, Duration maxAge) {
        /// The origin that stands for all.
        public static final String ANY_ORIGIN = "*";

        /// Never null, which every page in a sandbox has.
        private static final Pattern ORIGIN =
                Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@\\s]+", Pattern.CASE_INSENSITIVE);

        /// What holds where nothing is configured.
        public static final Settings DEFAULTS = new Settings(Set.of(), false, Duration.ofHours(1));

        public Settings {
            allowedOrigins = Set.copyOf(allowedOrigins);
            for (var origin : allowedOrigins) {
                if (!origin.equals(ANY_ORIGIN) && !ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException(
                            "http.cors.allowed-origins: %s (expected: such as https://app.example.com, without a path, or *)"
                                    .formatted(origin));
                }
            }
            if (allowCredentials && allowedOrigins.contains(ANY_ORIGIN)) {
                throw new IllegalArgumentException(
                        "http.cors.allow-credentials: true with the origin * (expected: origins by name)");
            }
            if (maxAge.isNegative()) {
                throw new IllegalArgumentException(
                        "http.cors.max-age: %s (expected: >= 0)".formatted(maxAge));
            }
        }

        private boolean allowsAll() {
            return allowedOrigins.contains(ANY_ORIGIN);
        }
    }

    /// @param exposed the header fields that a page may read, besides those that an answer has
    public Cors(Settings settings, List<String> exposed) {
        this.settings = settings;
        this.exposed = List.copyOf(exposed);
    }

    /// Whether a request asks what an origin may do, rather than doing it.
    public static boolean isPreflight(Exchange exchange) {
        return exchange.method().equals("OPTIONS")
                && exchange.headers().contains("origin")
                && exchange.headers().contains("access-control-request-method");
    }

    /// Whether answers depend on the origin, so that caches must keep them apart.
    public boolean dependsOnOrigin() {
        return !settings.allowedOrigins().isEmpty() && !settings.allowsAll();
    }

    /// Adds to the headers of an answer what lets the page see it, and each of those headers.
    public void allow(Exchange exchange, Headers.Builder headers) {
        allowedOrigin(exchange)
                .ifPresent(origin -> {
                    var names = new TreeSet<>(exposed);
                    names.addAll(headers.build().names());
                    headers.set("access-control-expose-headers", String.join(", ", names));
                    allowOrigin(origin, headers);
                });
    }

    /// Adds to the answer to a preflight what the page may do.
    ///
    /// @param methods the methods that the path has
    public void allowPreflight(
            Exchange exchange, Collection<String> methods, Headers.Builder headers) {
        allowedOrigin(exchange)
                .ifPresent(origin -> {
                    allowOrigin(origin, headers);
                    headers.set("access-control-allow-methods", String.join(", ", methods));
                    exchange.headers()
                            .first("access-control-request-headers")
                            .ifPresent(
                                    wanted -> headers.set("access-control-allow-headers", wanted));
                    headers.set(
                            "access-control-max-age", Long.toString(settings.maxAge().toSeconds()));
                });
    }

    private void allowOrigin(String origin, Headers.Builder headers) {
        headers.set("access-control-allow-origin", origin);
        if (settings.allowCredentials()) {
            headers.set("access-control-allow-credentials", "true");
        }
    }

    private Optional<String> allowedOrigin(Exchange exchange) {
        return exchange.headers()
                .first("origin")
                .filter(origin ->
                        settings.allowsAll() || settings.allowedOrigins().contains(origin))
                .map(origin -> settings.allowsAll() ? Settings.ANY_ORIGIN : origin);
    }
}
