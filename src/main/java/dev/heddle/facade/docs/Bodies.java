package dev.heddle.facade.docs;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.FieldMask;
import com.google.rpc.Status;
import dev.heddle.facade.http.MediaTypes;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.BodyMapping;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The bodies of requests and responses in each media type that a route has.
///
/// OpenAPI 3.1 has no word for the elements of a stream that is no JSON text. As a whole such a
/// stream is a string; its elements are in `x-itemSchema`, as `itemSchema` will be in 3.2.
record Bodies(Schemas schemas) {
    /// Where 3.2 has `itemSchema`.
    static final String ITEM_SCHEMA = "x-itemSchema";

    /// Empty where the route takes none.
    Optional<RequestBody> request(Route route) {
        var types = MediaTypes.ofRequest(route);
        if (types.isEmpty()) {
            return Optional.empty();
        }
        var isStream = route.rpc().streamsRequests();
        var content = new Content();
        types.forEach(type -> content.put(type, requestType(type, isStream, () -> body(route))));
        return Optional.of(new RequestBody().content(content).required(isRequired(route)));
    }

    Content response(Route route) {
        var isStream = route.rpc().streamsResponses();
        var content = new Content();
        MediaTypes.ofResponse(route)
                .forEach(type ->
                        content.put(type, responseType(type, isStream, () -> answer(route))));
        return content;
    }

    /// A failure.
    Content status() {
        return new Content()
                .addMediaType(
                        MediaTypes.JSON,
                        new MediaType().schema(schemas.of(Status.getDescriptor())));
    }

    private static MediaType requestType(
            String type, boolean isStream, Supplier<JsonSchema> message) {
        return switch (type) {
            case MediaTypes.ANY -> new MediaType();
            case MediaTypes.FORM -> form();
            case MediaTypes.JSON ->
                    new MediaType().schema(isStream ? Types.array(message.get()) : message.get());
            default -> sequence("A message a line.", message.get());
        };
    }

    private MediaType responseType(String type, boolean isStream, Supplier<JsonSchema> message) {
        return switch (type) {
            case MediaTypes.ANY -> new MediaType();
            case MediaTypes.JSON ->
                    new MediaType().schema(isStream ? Types.array(message.get()) : message.get());
            case MediaTypes.EVENTS ->
                    sequence(
                            "An event a message; last the event `end`, or `error` with a status.",
                            event(message.get()));
            case MediaTypes.CSV -> sequence("A header of field names, then a row a message.");
            default ->
                    sequence(
                            "A message a line; last `{\"@end\":{}}`, or `{\"@error\":…}` with a status.",
                            line(message.get()));
        };
    }

    private static MediaType form() {
        var file = Types.string();
        file.setFormat("binary");
        var form = Types.object();
        form.setDescription("One file; before it, fields that count as query parameters.");
        form.addProperty("file", file);
        form.addRequiredItem("file");
        return new MediaType().schema(form);
    }

    private static MediaType sequence(String description) {
        var whole = Types.string();
        whole.setDescription(description);
        return new MediaType().schema(whole);
    }

    private static MediaType sequence(String description, Schema<?> item) {
        var type = sequence(description);
        type.addExtension(ITEM_SCHEMA, item);
        return type;
    }

    private JsonSchema line(JsonSchema message) {
        var line = new JsonSchema();
        line.addAnyOfItem(message);
        line.addAnyOfItem(only("@end", Types.object()));
        line.addAnyOfItem(only("@error", schemas.of(Status.getDescriptor())));
        return line;
    }

    private static JsonSchema only(String name, JsonSchema value) {
        var schema = Types.object();
        schema.addProperty(name, value);
        schema.addRequiredItem(name);
        return schema;
    }

    private static JsonSchema event(JsonSchema message) {
        var data = Types.string();
        data.setContentMediaType(MediaTypes.JSON);
        data.setContentSchema(message);
        var event = Types.object();
        event.addProperty("event", Types.oneOf(List.of("message", "end", "error")));
        event.addProperty("id", Types.string());
        event.addProperty("data", data);
        event.addRequiredItem("data");
        return event;
    }

    private JsonSchema answer(Route route) {
        return route.responseBody()
                .map(schemas::of)
                .orElseGet(() -> schemas.of(route.rpc().contract().descriptor().getOutputType()));
    }

    private JsonSchema body(Route route) {
        var input = route.rpc().contract().descriptor().getInputType();
        return switch (route.body()) {
            case BodyMapping.None _ -> throw new IllegalArgumentException("a route without a body");
            case BodyMapping.Whole _ -> schemas.message(input, route.variables(), false);
            case BodyMapping.Field(var field) when isMessage(field) ->
                    schemas.message(
                            field.getMessageType(), within(route, field), isPartial(route, input));
            case BodyMapping.Field(var field) -> schemas.of(field);
        };
    }

    private static boolean isRequired(Route route) {
        return route.body() instanceof BodyMapping.Field(var field)
                && Rules.of(field).isRequired()
                && !route.rpc().streamsRequests();
    }

    private static boolean isMessage(FieldDescriptor field) {
        return field.getJavaType() == JavaType.MESSAGE && !field.isRepeated();
    }

    /// The fields of the body that the path sets.
    private static List<FieldPath> within(Route route, FieldDescriptor body) {
        return route.variables().stream()
                .map(FieldPath::fields)
                .filter(fields -> fields.getFirst().equals(body))
                .map(fields -> new FieldPath(fields.subList(1, fields.size())))
                .toList();
    }

    /// Whether a body is a part of a resource: where the request can say which part (AIP-134).
    private static boolean isPartial(Route route, Descriptor input) {
        return route.httpMethod().equals("PATCH")
                || input.getFields().stream()
                        .anyMatch(field ->
                                isMessage(field)
                                        && field.getMessageType()
                                                .getFullName()
                                                .equals(FieldMask.getDescriptor().getFullName()));
    }
}
