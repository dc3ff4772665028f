package dev.heddle.facade.http;

import dev.heddle.facade.route.Route;
import dev.heddle.http.Exchange;
import java.util.List;
import java.util.Locale;

/// What the body of a request is.
enum BodyKind {
    /// The route takes none; what is sent nevertheless is passed over.
    NONE,
    /// JSON: one value or, for methods that take a stream, many.
    JSON,
    /// Arbitrary content, for `google.api.HttpBody`.
    CONTENT;

    /// What the body of an exchange is, by its route and its `Content-Type`. A body without a type
    /// is taken for JSON.
    ///
    /// @throws Refusal for a type or a coding that is not understood
    static BodyKind of(Exchange exchange, Route route) throws Refusal {
        checkCoding(exchange);
        var supported = MediaTypes.ofRequest(route);
        if (supported.isEmpty()) {
            return NONE;
        }
        if (supported.contains(MediaTypes.ANY)) {
            return CONTENT;
        }
        var type = exchange.headers().first("content-type");
        if (type.isPresent() && !isSupported(type.get(), supported)) {
            throw Refusal.unsupportedType(exchange.method(), type.get(), supported);
        }
        return JSON;
    }

    /// Whether the body of an exchange is compressed.
    static boolean isGzip(Exchange exchange) {
        return coding(exchange).endsWith("gzip");
    }

    private static void checkCoding(Exchange exchange) throws Refusal {
        var coding = coding(exchange);
        if (!List.of("", "identity", "gzip", "x-gzip").contains(coding)) {
            throw Refusal.unsupportedCoding(coding);
        }
    }

    private static String coding(Exchange exchange) {
        return String.join(", ", exchange.headers().all("content-encoding"))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private static boolean isSupported(String text, List<String> supported) {
        return MediaType.parse(text)
                .filter(type -> supported.contains(type.name()))
                .filter(type ->
                        type.parameter("charset")
                                .map(charset -> charset.equalsIgnoreCase("utf-8"))
                                .orElse(true))
                .isPresent();
    }
}
