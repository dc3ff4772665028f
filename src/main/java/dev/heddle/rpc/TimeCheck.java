package dev.heddle.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Refuses times that are none: binary messages can have a `google.protobuf.Timestamp` beyond the
/// year 9999, or a `google.protobuf.Duration` whose parts have different signs, which JSON can't.
final class TimeCheck {
    private static final String TIMESTAMP = Timestamp.getDescriptor().getFullName();
    private static final String DURATION = Duration.getDescriptor().getFullName();

    private final Map<Descriptor, List<FieldDescriptor>> fields = new ConcurrentHashMap<>();

    /// @throws RpcException INVALID_ARGUMENT that names the field
    void check(Message request) {
        check(request, "");
    }

    private void check(Message message, String path) {
        for (var field :
                fields.computeIfAbsent(message.getDescriptorForType(), TimeCheck::leading)) {
            if (field.isRepeated()) {
                for (var i = 0; i < message.getRepeatedFieldCount(field); i++) {
                    checkValue(
                            (Message) message.getRepeatedField(field, i),
                            "%s%s[%d]".formatted(path, field.getName(), i));
                }
            } else if (message.hasField(field)) {
                checkValue((Message) message.getField(field), path + field.getName());
            }
        }
    }

    private void checkValue(Message value, String path) {
        var type = value.getDescriptorForType().getFullName();
        if (type.equals(TIMESTAMP)) {
            if (!Timestamps.isValid(part(value, 1), (int) part(value, 2))) {
                throw invalid(value, path, "a time within the years 1 to 9999");
            }
        } else if (type.equals(DURATION)) {
            if (!Durations.isValid(part(value, 1), (int) part(value, 2))) {
                throw invalid(value, path, "at most 10,000 years, both of one sign");
            }
        } else {
            check(value, path + ".");
        }
    }

    private static RpcException invalid(Message value, String path, String expected) {
        return RpcException.invalidField(
                path,
                "%d s, %d ns (expected: %s)".formatted(part(value, 1), part(value, 2), expected));
    }

    private static long part(Message value, int number) {
        return ((Number) value.getField(value.getDescriptorForType().findFieldByNumber(number)))
                .longValue();
    }

    /// The fields of a type that are times, or have some somewhere.
    private static List<FieldDescriptor> leading(Descriptor type) {
        return messages(type)
                .filter(field -> leads(field.getMessageType(), new HashSet<>()))
                .toList();
    }

    private static boolean leads(Descriptor type, Set<Descriptor> seen) {
        return isTime(type)
                || (seen.add(type)
                        && messages(type).anyMatch(field -> leads(field.getMessageType(), seen)));
    }

    private static boolean isTime(Descriptor type) {
        return type.getFullName().equals(TIMESTAMP) || type.getFullName().equals(DURATION);
    }

    private static Stream<FieldDescriptor> messages(Descriptor type) {
        return type.getFields().stream()
                .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE);
    }
}
