package dev.heddle.facade;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The fields of messages by the names that JSON has for them: the name in lower camel case, and
/// the name in the `.proto`.
final class FieldNames {
    private static final Map<Descriptor, Map<String, FieldDescriptor>> BY_TYPE =
            new ConcurrentHashMap<>();

    private FieldNames() {}

    static Optional<FieldDescriptor> find(Descriptor type, String name) {
        return Optional.ofNullable(BY_TYPE.computeIfAbsent(type, FieldNames::byName).get(name));
    }

    private static Map<String, FieldDescriptor> byName(Descriptor type) {
        var fields = new HashMap<String, FieldDescriptor>();
        type.getFields().forEach(field -> fields.put(field.getName(), field));
        type.getFields().forEach(field -> fields.put(field.getJsonName(), field));
        return Map.copyOf(fields);
    }
}
