package dev.heddle.facade;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/// The JSON of a field that is no single message.
record JsonField(Json json, boolean int64AsNumbers) {
    byte[] toBytes(Message message, FieldDescriptor field) {
        var value = message.getField(field);
        if (isDefault(field, value)) {
            return defaultText(field, value).getBytes(StandardCharsets.UTF_8);
        }
        var only = message.newBuilderForType().setField(field, value).build();
        var text = json.toBytes(only, new Json.Options(int64AsNumbers, false));
        return Arrays.copyOfRange(
                text, prefix(field).getBytes(StandardCharsets.UTF_8).length, text.length - 1);
    }

    /// What stands before the value of the only field of a message.
    private static String prefix(FieldDescriptor field) {
        return "{\"" + field.getJsonName() + "\":";
    }

    private static boolean isDefault(FieldDescriptor field, Object value) {
        return field.isRepeated()
                ? ((Collection<?>) value).isEmpty()
                : value.equals(field.getDefaultValue());
    }

    private String defaultText(FieldDescriptor field, Object value) {
        if (field.isRepeated()) {
            return field.isMapField() ? "{}" : "[]";
        }
        return switch (field.getJavaType()) {
            case INT, FLOAT, DOUBLE -> "0";
            case LONG -> int64AsNumbers ? "0" : "\"0\"";
            case BOOLEAN -> "false";
            case STRING, BYTE_STRING -> "\"\"";
            case ENUM -> "\"" + ((EnumValueDescriptor) value).getName() + "\"";
            case MESSAGE -> throw new IllegalArgumentException(field + ": a message");
        };
    }
}
