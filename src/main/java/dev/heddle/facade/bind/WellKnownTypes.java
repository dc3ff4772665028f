package dev.heddle.facade.bind;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.Timestamps;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads those messages of `google.protobuf` that JSON writes as one value from the text of that
/// value. The readers of `protobuf-java-util` pass a 30th of February; these don't.
final class WellKnownTypes {
    private static final Set<String> WRAPPERS =
            Set.of(
                    "DoubleValue",
                    "FloatValue",
                    "Int64Value",
                    "UInt64Value",
                    "Int32Value",
                    "UInt32Value",
                    "BoolValue",
                    "StringValue",
                    "BytesValue");
    private static final Pattern RFC_3339 =
            Pattern.compile(
                    "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");
    private static final Pattern DURATION = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern MASK_PATH = Pattern.compile("[A-Za-z0-9_.*]+");

    private WellKnownTypes() {}

    /// Whether a message of the type can be read from text.
    static boolean isText(Descriptor type) {
        return Fields.isWellKnown(type)
                && switch (type.getName()) {
                    case "Timestamp", "Duration", "FieldMask" -> true;
                    default -> WRAPPERS.contains(type.getName());
                };
    }

    /// Reads a text into an empty message.
    ///
    /// @param name the path of the field, for the violation
    static void parse(Message.Builder message, String name, String text)
            throws InvalidParameterException {
        var type = message.getDescriptorForType();
        switch (type.getName()) {
            case "Timestamp" -> copy(timestamp(name, text), message);
            case "Duration" -> copy(duration(name, text), message);
            case "FieldMask" -> copy(fieldMask(name, text), message);
            default -> {
                var value = type.findFieldByName("value");
                message.setField(value, Scalars.parse(value, name, text));
            }
        }
    }

    private static Timestamp timestamp(String name, String text) throws InvalidParameterException {
        try {
            if (RFC_3339.matcher(text).matches()) {
                var instant = OffsetDateTime.parse(text).toInstant();
                return Timestamps.checkValid(
                        Timestamp.newBuilder()
                                .setSeconds(instant.getEpochSecond())
                                .setNanos(instant.getNano())
                                .build());
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw invalidTimestamp(name, text);
        }
        throw invalidTimestamp(name, text);
    }

    private static InvalidParameterException invalidTimestamp(String name, String text) {
        return InvalidParameterException.value(
                name, text, "an RFC 3339 time from year 1 to 9999, such as 2026-01-31T12:00:00.5Z");
    }

    private static Duration duration(String name, String text) throws InvalidParameterException {
        try {
            if (DURATION.matcher(text).matches()) {
                return Durations.parse(text);
            }
        } catch (ParseException e) {
            throw invalidDuration(name, text);
        }
        throw invalidDuration(name, text);
    }

    private static InvalidParameterException invalidDuration(String name, String text) {
        return InvalidParameterException.value(
                name, text, "seconds within ±315576000000, such as 1.5s");
    }

    /// Takes names as in JSON and as in the `.proto`.
    private static FieldMask fieldMask(String name, String text) throws InvalidParameterException {
        if (!text.isEmpty() && !COMMA.splitAsStream(text).allMatch(WellKnownTypes::isMaskPath)) {
            throw InvalidParameterException.value(
                    name, text, "paths of fields separated by commas, such as name,address.city");
        }
        return FieldMaskUtil.fromJsonString(text);
    }

    private static boolean isMaskPath(String path) {
        return MASK_PATH.matcher(path).matches();
    }

    /// Copies field by field, since the target may be a dynamic message of the same type.
    private static void copy(Message from, Message.Builder to) {
        from.getAllFields()
                .forEach((field, value) ->
                        to.setField(
                                to.getDescriptorForType().findFieldByNumber(field.getNumber()),
                                value));
    }
}
