package dev.heddle.facade.docs;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.facade.bind.QueryParameters;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.HeaderField;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.Parameter.StyleEnum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The parameters of an operation: in its path, its query, and the header fields that fill a field.
record Parameters(Schemas schemas) {
    /// How header fields are usually written.
    private static final Map<String, String> NAMES =
            Map.of(
                    "last-event-id", "Last-Event-ID",
                    "range", "Range",
                    "if-range", "If-Range",
                    "if-none-match", "If-None-Match");

    /// @param path the route's own
    /// @param shared the path that the document has for it, whose names count
    List<Parameter> of(Route route, PathText path, PathText shared) {
        var parameters = new ArrayList<Parameter>();
        for (int i = 0; i < path.parameters().size(); i++) {
            parameters.add(
                    path(path.parameters().get(i), shared.parameters().get(i).name(), route));
        }
        QueryParameters.of(route).forEach(field -> parameters.add(query(field)));
        route.headerFields().forEach(field -> parameters.add(header(field)));
        return parameters;
    }

    private Parameter path(PathText.Parameter part, String name, Route route) {
        var isWhole = part.isWhole() && !part.isOpenEnded();
        var schema =
                part.field()
                        .filter(_ -> isWhole)
                        .map(field -> schemas.of(field.leaf()))
                        .orElseGet(Types::string);
        var description = new StringBuilder();
        part.field()
                .ifPresent(field -> {
                    if (!isWhole) {
                        description.append(
                                "A part of `%s` in `%s`.\n\n".formatted(field, route.template()));
                    }
                    description.append(schemas.description(field.leaf(), schema));
                });
        if (part.isOpenEnded()) {
            description.append("\n\nAny number of segments, with the slashes between them.");
        }
        schema.setDescription(null);
        return new Parameter()
                .in("path")
                .name(name)
                .required(true)
                .description(text(description.toString()))
                .schema(schema);
    }

    private Parameter query(FieldPath path) {
        var field = path.leaf();
        var schema = schemas.of(field);
        var description = text(schemas.description(field, schema));
        // what is inline says it once; a reference keeps its own
        schema.setDescription(null);
        var parameter =
                new Parameter()
                        .in("query")
                        .name(PathText.jsonName(path))
                        .description(description)
                        .schema(schema);
        if (isRequired(path)) {
            parameter.setRequired(true);
        }
        if (field.getOptions().getDeprecated()) {
            parameter.setDeprecated(true);
        }
        if (field.isMapField()) {
            parameter.style(StyleEnum.DEEPOBJECT).explode(true);
        } else if (field.isRepeated()) {
            parameter.style(StyleEnum.FORM).explode(true);
        }
        return parameter;
    }

    private Parameter header(HeaderField header) {
        JsonSchema schema = schemas.of(header.field().leaf());
        schema.setDescription(null);
        var instead = " It counts instead of `%s`.".formatted(PathText.jsonName(header.field()));
        return new Parameter()
                .in("header")
                .name(NAMES.getOrDefault(header.name(), header.name()))
                .description(meaning(header.name()) + instead)
                .schema(schema);
    }

    private static String meaning(String header) {
        return switch (header) {
            // a browser sends it by itself when it takes up a stream of events that was cut
            case "last-event-id" -> "The `id` of the last event that arrived.";
            default -> "As in RFC 9110.";
        };
    }

    private static boolean isRequired(FieldPath path) {
        return path.fields().stream().allMatch(Parameters::isRequired);
    }

    private static boolean isRequired(FieldDescriptor field) {
        return Rules.of(field).isRequired();
    }

    @SuppressWarnings("NullAway") // the library leaves out what is null
    private static String text(String description) {
        return description.isBlank() ? null : description.strip();
    }
}
