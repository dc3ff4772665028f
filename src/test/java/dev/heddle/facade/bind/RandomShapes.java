package dev.heddle.facade.bind;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Random messages, and the texts that mean their values, written without any of the binder's code.
final class RandomShapes {
    private static final List<String> SCRAPS =
            List.of(
                    "a", "B", "7", ".", "..", "/", "%", "%2F", "+", " ", "&", "=", "[", "]", ":",
                    "é", "😀", "\u0000", "\"");

    private static final HexFormat HEX = HexFormat.of();
    private static final HexFormat UPPER_HEX = HEX.withUpperCase();

    private final Random random;

    RandomShapes(Random random) {
        this.random = random;
    }

    /// Fills about half of the fields that a query can hold.
    void fill(Message.Builder message, int depth) {
        for (var field : message.getDescriptorForType().getFields()) {
            boolean isWanted =
                    random.nextBoolean()
                            && isInQuery(field)
                            && (depth > 0 || !Fields.isPlainMessage(field));
            if (isWanted) {
                fill(message, field, depth);
            }
        }
    }

    private void fill(Message.Builder message, FieldDescriptor field, int depth) {
        if (field.isMapField()) {
            var entry = message.newBuilderForField(field);
            for (var part : entry.getDescriptorForType().getFields()) {
                entry.setField(part, value(entry, part, depth));
            }
            message.addRepeatedField(field, entry.build());
        } else if (field.isRepeated()) {
            for (int i = random.nextInt(4); i > 0; i--) {
                message.addRepeatedField(field, value(message, field, depth));
            }
        } else {
            var value = value(message, field, depth);
            // an empty message can't be told from none in a query
            boolean isNothing =
                    Fields.isPlainMessage(field)
                            && value.equals(((Message) value).getDefaultInstanceForType());
            if (!isNothing) {
                message.setField(field, value);
            }
        }
    }

    private static boolean isInQuery(FieldDescriptor field) {
        if (field.isMapField()) {
            return isInQuery(field.getMessageType().findFieldByName("value"))
                    && !Fields.isPlainMessage(field.getMessageType().findFieldByName("value"));
        }
        return field.getJavaType() != JavaType.MESSAGE
                || Fields.isPlainMessage(field)
                || (!field.getMessageType().getFullName().startsWith("heddle.")
                        && !List.of("Struct", "Value", "ListValue", "Any", "Empty")
                                .contains(field.getMessageType().getName()));
    }

    Object value(Message.Builder parent, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case STRING -> text();
            case INT -> random.nextInt() >> random.nextInt(32);
            case LONG -> random.nextLong() >> random.nextInt(64);
            case BOOLEAN -> random.nextBoolean();
            case FLOAT ->
                    random.nextInt(9) == 0 ? Float.NaN : Float.intBitsToFloat(random.nextInt());
            case DOUBLE ->
                    random.nextInt(9) == 0
                            ? Double.NEGATIVE_INFINITY
                            : Double.longBitsToDouble(random.nextLong());
            case BYTE_STRING -> ByteString.copyFromUtf8(text());
            case ENUM ->
                    field.getEnumType()
                            .getValues()
                            .get(random.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE ->
                    message(parent.newBuilderForField(field), field.getMessageType(), depth);
        };
    }

    private Message message(Message.Builder message, Descriptor type, int depth) {
        switch (type.getName()) {
            case "Timestamp" ->
                    message.mergeFrom(
                            Timestamp.newBuilder()
                                    .setSeconds(random.nextLong(-62135596800L, 253402300800L))
                                    .setNanos(random.nextInt(1_000_000_000))
                                    .build());
            case "Duration" ->
                    message.mergeFrom(Durations.fromNanos(random.nextLong() >> random.nextInt(64)));
            case "FieldMask" ->
                    message.mergeFrom(
                            FieldMaskUtil.fromStringList(
                                    List.of("text", "child.two_words", "a_b_c")
                                            .subList(0, random.nextInt(4))));
            default -> {
                if (type.getName().endsWith("Value")) {
                    var value = type.findFieldByName("value");
                    message.setField(value, value(message, value, depth));
                } else {
                    fill(message, depth - 1);
                }
            }
        }
        return message.build();
    }

    private String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(SCRAPS.get(random.nextInt(SCRAPS.size())));
        }
        return text.toString();
    }

    /// One of the texts that mean a value.
    String write(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((int) value);
            case UINT64, FIXED64 -> Long.toUnsignedString((long) value);
            case BYTES -> base64((ByteString) value);
            case ENUM -> {
                var number = field.getEnumType().findValueByName(value.toString());
                yield random.nextBoolean()
                        ? number.getName()
                        : Integer.toString(number.getNumber());
            }
            case MESSAGE -> write((Message) value);
            default -> value.toString();
        };
    }

    private String base64(ByteString bytes) {
        var encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
        return (random.nextBoolean() ? encoder : encoder.withoutPadding())
                .encodeToString(bytes.toByteArray());
    }

    private String write(Message message) {
        return switch (message) {
            case Timestamp time -> Timestamps.toString(time);
            case Duration duration -> Durations.toString(duration);
            case FieldMask mask ->
                    random.nextBoolean()
                            ? FieldMaskUtil.toJsonString(mask)
                            : FieldMaskUtil.toString(mask);
            default -> {
                var value = message.getDescriptorForType().findFieldByName("value");
                yield write(value, message.getField(value));
            }
        };
    }

    /// Percent-encodes what has to be, and some of the rest.
    String encode(String text, boolean isQuery) {
        var encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain =
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
                                    .indexOf(octet)
                            >= 0;
            if (isPlain && random.nextInt(10) > 0) {
                encoded.append((char) octet);
            } else if (octet == ' ' && isQuery && random.nextBoolean()) {
                encoded.append('+');
            } else {
                encoded.append('%')
                        .append((random.nextBoolean() ? HEX : UPPER_HEX).toHexDigits(octet));
            }
        }
        return encoded.toString();
    }
}
