package dev.heddle.facade.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.json.TimestampText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The value of a field as text without quotes: what its JSON says where that is a string, a number
/// or a boolean, and otherwise its JSON. A message that is not set is empty.
final class PlainText {
    private static final Json.Options OPTIONS = new Json.Options(true, false);

    private PlainText() {}

    static String of(Message message, FieldDescriptor field, Json json) {
        if (field.isRepeated() || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            return structure(message, field, json);
        }
        if (field.hasPresence() && !message.hasField(field)) {
            return "";
        }
        var value = message.getField(field);
        return switch (field.getType()) {
            case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
            case ENUM -> name((EnumValueDescriptor) value);
            case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
            default -> value.toString();
        };
    }

    private static String structure(Message message, FieldDescriptor field, Json json) {
        if (field.isRepeated()
                ? message.getRepeatedFieldCount(field) == 0
                : !message.hasField(field)) {
            return "";
        }
        if (message.getField(field) instanceof Timestamp time && Timestamps.isValid(time)) {
            return TimestampText.of(time);
        }
        var text = new String(json.toBytes(message, field, OPTIONS), StandardCharsets.UTF_8);
        return text.startsWith("\"") ? stringValue(message, field, text) : text;
    }

    /// Of all messages that are a string in JSON, only StringValue can hold what JSON escapes.
    private static String stringValue(Message message, FieldDescriptor field, String text) {
        return message.getField(field) instanceof StringValue string
                ? string.getValue()
                : text.substring(1, text.length() - 1);
    }

    private static String name(EnumValueDescriptor value) {
        return value.getIndex() < 0 ? Integer.toString(value.getNumber()) : value.getName();
    }
}
