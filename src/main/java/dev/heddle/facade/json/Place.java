package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonStreamContext;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A place in a JSON text, as a place in the message that it stands for.
///
/// @param path the way there, such as `user.tags[2]`; empty for the whole
/// @param message the innermost message around the place, empty within free-form JSON
/// @param field the field whose value, or whose element, stands there; empty for the whole and for
///   names that are unknown
/// @param isElement whether the place is within a list or a map
record Place(
        String path,
        Optional<Descriptor> message,
        Optional<FieldDescriptor> field,
        boolean isElement) {
    private static final int MAX_ENUM_VALUES = 12;

    /// All of a text whose type is not known.
    static final Place WHOLE = root("", Optional.empty());

    /// Where a message stands.
    static Place root(String path, Optional<Descriptor> type) {
        return new Place(path, type, Optional.empty(), false);
    }

    /// Where the value of a field stands.
    static Place root(FieldDescriptor field) {
        return root("", Optional.of(field.getContainingType())).name(field.getJsonName());
    }

    /// Follows a parser's position.
    ///
    /// @param root where the parser's depth `rootDepth` stands
    static Place of(JsonStreamContext position, Place root, int rootDepth) {
        var levels = new ArrayDeque<JsonStreamContext>();
        for (var level = position;
                level != null && level.getNestingDepth() > rootDepth;
                level = level.getParent()) {
            levels.push(level);
        }
        var place = root;
        for (var level : levels) {
            if (level.inArray()) {
                place = place.index(level.getCurrentIndex());
            } else if (level.getCurrentName() != null) {
                place = place.name(level.getCurrentName());
            }
        }
        return place;
    }

    /// What may stand here, for people.
    String expectation() {
        if (field.isEmpty()) {
            return message.map(Place::expectation).orElse("an object");
        }
        var expected = field.get();
        if (!isElement && expected.isMapField()) {
            return "an object";
        }
        if (!isElement && expected.isRepeated()) {
            return "an array";
        }
        return expected.isMapField()
                ? expectation(expected.getMessageType().findFieldByName("value"))
                : expectation(expected);
    }

    /// What may stand here as the key of a map, for people.
    String keyExpectation() {
        return field.filter(FieldDescriptor::isMapField)
                .map(map -> expectation(map.getMessageType().findFieldByNumber(1)) + " as the key")
                .orElse("a name");
    }

    private Place index(int index) {
        return new Place(path + "[" + Math.max(0, index) + "]", message, field, true);
    }

    private Place name(String name) {
        if (field.filter(f -> f.isMapField() && !isElement).isPresent()) {
            return new Place(path + "[\"" + name + "\"]", message, field, true);
        }
        var enclosing = field.isEmpty() ? message : field.flatMap(this::messageWithin);
        var inner = enclosing.flatMap(type -> find(type, name));
        var prefix = path.isEmpty() ? "" : path + ".";
        return new Place(
                prefix + inner.map(FieldDescriptor::getName).orElse(name), enclosing, inner, false);
    }

    private static Optional<FieldDescriptor> find(Descriptor type, String name) {
        return Stream.<Function<FieldDescriptor, String>>of(
                        FieldDescriptor::getJsonName, FieldDescriptor::getName)
                .flatMap(nameOf ->
                        type.getFields().stream().filter(field -> nameOf.apply(field).equals(name)))
                .findFirst();
    }

    private Optional<Descriptor> messageWithin(FieldDescriptor outer) {
        var value = outer.isMapField() ? outer.getMessageType().findFieldByName("value") : outer;
        return value.getJavaType() == JavaType.MESSAGE
                ? Optional.of(value.getMessageType())
                : Optional.empty();
    }

    private static String expectation(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> "a 32-bit integer";
            case UINT32, FIXED32 -> "an unsigned 32-bit integer";
            case INT64, SINT64, SFIXED64 -> "a 64-bit integer";
            case UINT64, FIXED64 -> "an unsigned 64-bit integer";
            case FLOAT -> "a 32-bit floating-point number";
            case DOUBLE -> "a 64-bit floating-point number";
            case BOOL -> "true or false";
            case STRING -> "a string of Unicode characters";
            case BYTES -> "base64 in a string";
            case ENUM ->
                    field.getEnumType().getValues().stream()
                            .limit(MAX_ENUM_VALUES)
                            .map(EnumValueDescriptor::getName)
                            .collect(Collectors.joining(", ", "one of ", ""));
            case MESSAGE, GROUP -> expectation(field.getMessageType());
        };
    }

    private static String expectation(Descriptor type) {
        var isWrapper = type.getFile().equals(BoolValue.getDescriptor().getFile());
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" -> "a time such as \"2026-01-31T12:00:00Z\"";
            case "google.protobuf.Duration" -> "seconds such as \"1.5s\"";
            case "google.protobuf.FieldMask" -> "names of fields in a string, such as \"a,b.c\"";
            case "google.protobuf.Any" -> "an object with an \"@type\"";
            case "google.protobuf.ListValue" -> "an array";
            default -> isWrapper ? expectation(type.findFieldByName("value")) : "an object";
        };
    }
}
