package dev.heddle.facade.http;

import com.google.api.HttpBody;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.BodyMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The media types that a route takes and answers in, without their parameters.
public final class MediaTypes {
    /// One JSON value; of a stream, an array.
    public static final String JSON = "application/json";

    /// A JSON value a line.
    public static final String NDJSON = "application/x-ndjson";

    /// Server-sent events.
    public static final String EVENTS = "text/event-stream";

    /// Comma-separated values.
    public static final String CSV = "text/csv";

    /// Arbitrary content, as `google.api.HttpBody` has it: of whatever type it says.
    public static final String ANY = "*/*";

    /// A form, whose one file is content.
    public static final String FORM = "multipart/form-data";

    /// Other names of NDJSON.
    private static final List<String> NDJSON_ALIASES =
            List.of("application/ndjson", "application/jsonl");

    private MediaTypes() {}

    /// What a route can answer in, the first where the caller doesn't care. For streams that is
    /// NDJSON: what a terminal shows best, line by line.
    public static List<String> ofResponse(Route route) {
        if (isContent(responseType(route))) {
            return List.of(ANY);
        }
        if (!route.rpc().streamsResponses()) {
            return List.of(JSON);
        }
        var types = new ArrayList<>(List.of(NDJSON, JSON, EVENTS));
        if (isTable(route)) {
            types.add(CSV);
        }
        types.addAll(NDJSON_ALIASES);
        return types;
    }

    /// What a route takes for a body; nothing where it takes none.
    public static List<String> ofRequest(Route route) {
        if (route.body() instanceof BodyMapping.None) {
            return List.of();
        }
        if (isContent(requestType(route))) {
            return route.rpc().streamsRequests() ? List.of(ANY, FORM) : List.of(ANY);
        }
        if (!route.rpc().streamsRequests()) {
            return List.of(JSON);
        }
        var types = new ArrayList<>(List.of(NDJSON, JSON));
        types.addAll(NDJSON_ALIASES);
        return types;
    }

    private static boolean isContent(Optional<Descriptor> type) {
        return type.filter(HttpBody.getDescriptor()::equals).isPresent();
    }

    private static boolean isTable(Route route) {
        return responseType(route).isPresent();
    }

    /// The message that a response is, or its body; empty where that is no single message.
    private static Optional<Descriptor> responseType(Route route) {
        return route.responseBody().isPresent()
                ? route.responseBody().flatMap(MediaTypes::messageType)
                : Optional.of(route.rpc().contract().descriptor().getOutputType());
    }

    private static Optional<Descriptor> requestType(Route route) {
        return switch (route.body()) {
            case BodyMapping.None _ -> Optional.empty();
            case BodyMapping.Whole _ ->
                    Optional.of(route.rpc().contract().descriptor().getInputType());
            case BodyMapping.Field(var field) -> messageType(field);
        };
    }

    private static Optional<Descriptor> messageType(FieldDescriptor field) {
        return field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()
                ? Optional.of(field.getMessageType())
                : Optional.empty();
    }
}
