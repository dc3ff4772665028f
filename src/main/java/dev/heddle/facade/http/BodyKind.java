package dev.heddle.facade.http;

import com.google.api.HttpBody;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.BodyMapping;
import dev.heddle.http.Exchange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the body of a request is.
enum BodyKind {
    /// The route takes none; what is sent nevertheless is passed over.
    NONE,
    /// JSON: one value or, for methods that take a stream, many.
    JSON,
    /// Arbitrary content, for `google.api.HttpBody`.
    CONTENT;

    private static final List<String> JSON_TYPES = List.of("application/json");
    private static final List<String> STREAM_TYPES =
            List.of(
                    "application/x-ndjson",
                    "application/json",
                    "application/ndjson",
                    "application/jsonl");

    /// What the body of an exchange is, by its route and its `Content-Type`. A body without a type
    /// is taken for JSON.
    ///
    /// @throws Refusal for a type or a coding that is not understood
    static BodyKind of(Exchange exchange, Route route) throws Refusal {
        checkCoding(exchange);
        if (route.body() instanceof BodyMapping.None) {
            return NONE;
        }
        if (messageType(route).filter(HttpBody.getDescriptor()::equals).isPresent()) {
            return CONTENT;
        }
        var supported = route.rpc().streamsRequests() ? STREAM_TYPES : JSON_TYPES;
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

    private static Optional<Descriptor> messageType(Route route) {
        return switch (route.body()) {
            case BodyMapping.None _ -> Optional.empty();
            case BodyMapping.Whole _ ->
                    Optional.of(route.rpc().contract().descriptor().getInputType());
            case BodyMapping.Field(var field) ->
                    field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated()
                            ? Optional.of(field.getMessageType())
                            : Optional.empty();
        };
    }
}
