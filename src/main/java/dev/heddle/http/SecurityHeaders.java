package dev.heddle.http;

import dev.heddle.rpc.Headers;
import java.time.Duration;

/// What browsers are told with every answer, so that nothing in it gets power over the page's site:
///
/// - `X-Content-Type-Options: nosniff`: content is what its type says.
/// - With HTML: `Referrer-Policy: no-referrer`, `X-Frame-Options: DENY`, and a
///   `Content-Security-Policy`: the answer's own, or one that allows nothing at all; in no frame.
/// - Over TLS: `Strict-Transport-Security` (RFC 6797), but to `localhost`, whose other ports may
///   speak plaintext.
public final class SecurityHeaders {
    private static final String POLICY = "content-security-policy";
    private static final String FRAMES = "frame-ancestors";
    private static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final String strictTransport;

    /// @param hstsMaxAge how long browsers come by TLS alone; at least 0, which says nothing of it,
    ///   default 365 d, key `server.tls.hsts-max-age`
    public SecurityHeaders(Duration hstsMaxAge) {
        if (hstsMaxAge.isNegative()) {
            throw new IllegalArgumentException(
                    "server.tls.hsts-max-age: %s (expected: >= 0)".formatted(hstsMaxAge));
        }
        this.strictTransport = hstsMaxAge.isZero() ? "" : "max-age=" + hstsMaxAge.toSeconds();
    }

    /// Has the answer to an exchange say so.
    public Exchange guard(Exchange exchange) {
        return new GuardedExchange(exchange, this);
    }

    Headers with(Headers headers, Exchange exchange) {
        var all = Headers.builder().addAll(headers).set("x-content-type-options", "nosniff");
        if (isHtml(headers)) {
            all.set("referrer-policy", "no-referrer").set("x-frame-options", "DENY");
            all.set(POLICY, headers.first(POLICY).map(SecurityHeaders::unframed).orElse(NOTHING));
        }
        if (exchange.isSecure()
                && !strictTransport.isEmpty()
                && !HostRules.isLocal(exchange.headers())) {
            all.set("strict-transport-security", strictTransport);
        }
        return all.build();
    }

    private static String unframed(String policy) {
        return policy.contains(FRAMES) ? policy : policy + "; " + FRAMES + " 'none'";
    }

    private static boolean isHtml(Headers headers) {
        return headers.first("content-type")
                .filter(type -> type.regionMatches(true, 0, "text/html", 0, 9))
                .isPresent();
    }
}
