package dev.heddle.facade.docs;

import build.buf.validate.FieldRules;
import build.buf.validate.MapRules;
import build.buf.validate.RepeatedRules;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.facade.route.FieldPath;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Schemas of what the JSON codec reads and writes. Messages and enums become components under
/// their full names; those that hold what is required have one more, with nothing required, for the
/// bodies of requests that change a part of a resource.
final class Schemas {
    /// Marks the second component of a message; no name in a `.proto` has a hyphen.
    private static final String PARTIAL = "-partial";

    private final Comments comments;
    private final Map<String, Schema<?>> components = new TreeMap<>();
    private final Values whole = new Values(type -> reference(type, false), this::reference);
    private final Values partial = new Values(type -> reference(type, true), this::reference);

    Schemas(Comments comments) {
        this.comments = comments;
    }

    /// All components that were referred to.
    Map<String, Schema<?>> components() {
        return components;
    }

    /// The schema of a message.
    JsonSchema of(Descriptor type) {
        return message(type, List.of(), false);
    }

    /// The schema of a message in the body of a request.
    ///
    /// @param elsewhere fields that the body needn't have, for the path has them
    /// @param isPartial whether a body may have some fields alone
    JsonSchema message(Descriptor type, Collection<FieldPath> elsewhere, boolean isPartial) {
        if (elsewhere.isEmpty()) {
            return values(isPartial).message(type, FieldRules.getDefaultInstance());
        }
        return object(type, elsewhere, isPartial);
    }

    /// The schema of all that a field holds, without what is said of the field itself.
    JsonSchema of(FieldDescriptor field) {
        return content(field, false);
    }

    /// The comment of a field, followed by what its schema says in words.
    String description(FieldDescriptor field, Schema<?> schema) {
        return Stream.of(comments.of(field), schema.getDescription())
                .filter(text -> text != null && !text.isEmpty())
                .collect(Collectors.joining("\n\n"));
    }

    private Values values(boolean isPartial) {
        return isPartial ? partial : whole;
    }

    private JsonSchema reference(Descriptor type, boolean isPartial) {
        if (type.getFullName().equals(Any.getDescriptor().getFullName())) {
            components.computeIfAbsent(type.getFullName(), _ -> any());
            return Types.reference(type.getFullName());
        }
        var differs = isPartial && Requirements.areWithin(type);
        var name = differs ? type.getFullName() + PARTIAL : type.getFullName();
        if (!components.containsKey(name)) {
            // ends the recursion of a message that holds itself
            components.put(name, Types.object());
            components.put(name, object(type, List.of(), differs));
        }
        return Types.reference(name);
    }

    private JsonSchema reference(EnumDescriptor type) {
        components.computeIfAbsent(type.getFullName(), _ -> enumeration(type));
        return Types.reference(type.getFullName());
    }

    private JsonSchema object(Descriptor type, Collection<FieldPath> elsewhere, boolean isPartial) {
        var schema = Types.object();
        describe(schema, comments.of(type));
        if (type.getOptions().getDeprecated()) {
            schema.setDeprecated(true);
        }
        for (var field : type.getFields()) {
            if (elsewhere.contains(new FieldPath(List.of(field)))) {
                continue;
            }
            var within = within(field, elsewhere);
            var value =
                    within.isEmpty()
                            ? content(field, isPartial)
                            : message(field.getMessageType(), within, isPartial);
            var rules = Rules.of(field);
            schema.addProperty(field.getJsonName(), property(field, value, rules));
            if (rules.isRequired() && !isPartial) {
                schema.addRequiredItem(field.getJsonName());
            }
        }
        Oneofs.of(type).apply(schema, isPartial || !elsewhere.isEmpty());
        return schema;
    }

    private static Set<FieldPath> within(FieldDescriptor field, Collection<FieldPath> paths) {
        return paths.stream()
                .map(FieldPath::fields)
                .filter(fields -> fields.size() > 1 && fields.getFirst().equals(field))
                .map(fields -> new FieldPath(fields.subList(1, fields.size())))
                .collect(Collectors.toSet());
    }

    private JsonSchema property(FieldDescriptor field, JsonSchema schema, Rules rules) {
        describe(schema, description(field, schema));
        if (rules.isReadOnly()) {
            schema.setReadOnly(true);
        }
        if (rules.isWriteOnly()) {
            schema.setWriteOnly(true);
        }
        if (field.getOptions().getDeprecated()) {
            schema.setDeprecated(true);
        }
        return schema;
    }

    private JsonSchema content(FieldDescriptor field, boolean isPartial) {
        var rules = Rules.of(field).field();
        if (field.isMapField()) {
            return map(field.getMessageType(), rules.getMap(), values(isPartial));
        }
        return field.isRepeated()
                ? list(field, rules.getRepeated(), values(false))
                : values(isPartial).of(field, rules);
    }

    private static JsonSchema list(FieldDescriptor field, RepeatedRules rules, Values values) {
        var schema = Types.array(values.of(field, rules.getItems()));
        if (rules.hasMinItems()) {
            schema.setMinItems((int) rules.getMinItems());
        }
        if (rules.hasMaxItems()) {
            schema.setMaxItems((int) rules.getMaxItems());
        }
        if (rules.getUnique()) {
            schema.setUniqueItems(true);
        }
        return schema;
    }

    private static JsonSchema map(Descriptor entry, MapRules rules, Values values) {
        var key = entry.findFieldByName("key");
        var schema = Types.object();
        schema.setAdditionalProperties(
                values.of(entry.findFieldByName("value"), rules.getValues()));
        switch (key.getJavaType()) {
            case BOOLEAN -> schema.setPropertyNames(Types.oneOf(List.of("true", "false")));
            case INT, LONG -> schema.setPropertyNames(Types.matching("^-?[0-9]+$"));
            default -> {
                if (rules.hasKeys()) {
                    schema.setPropertyNames(values.of(key, rules.getKeys()));
                }
            }
        }
        if (rules.hasMinPairs()) {
            schema.setMinProperties((int) rules.getMinPairs());
        }
        if (rules.hasMaxPairs()) {
            schema.setMaxProperties((int) rules.getMaxPairs());
        }
        return schema;
    }

    private JsonSchema enumeration(EnumDescriptor type) {
        var schema =
                Types.oneOf(type.getValues().stream().map(EnumValueDescriptor::getName).toList());
        var values =
                type.getValues().stream()
                        .filter(value -> !comments.of(value).isEmpty())
                        .map(value ->
                                "- `%s`: %s"
                                        .formatted(
                                                value.getName(),
                                                comments.of(value).replace("\n", "\n  ")))
                        .collect(Collectors.joining("\n"));
        describe(
                schema,
                Stream.of(comments.of(type), values)
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("\n\n")));
        return schema;
    }

    private static JsonSchema any() {
        var schema = Types.object();
        schema.setDescription("A message of any type, with the fields that its type has.");
        var type = Types.string();
        type.setDescription("The URL of the type; it ends with its full name.");
        schema.addProperty("@type", type);
        schema.addRequiredItem("@type");
        schema.setAdditionalProperties(true);
        return schema;
    }

    private static void describe(Schema<?> schema, String text) {
        if (!text.isEmpty()) {
            schema.setDescription(text);
        }
    }
}
