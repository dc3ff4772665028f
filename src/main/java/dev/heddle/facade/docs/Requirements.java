package dev.heddle.facade.docs;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.HashSet;
import java.util.Set;

/// Whether messages demand that a field be set.
final class Requirements {
    private Requirements() {}

    /// Whether a message, or one within it, has something that is required.
    static boolean areWithin(Descriptor type) {
        return areWithin(type, new HashSet<>());
    }

    private static boolean areWithin(Descriptor type, Set<Descriptor> seen) {
        return seen.add(type)
                && (Oneofs.of(type).areRequired()
                        || type.getFields().stream()
                                .anyMatch(field ->
                                        Rules.of(field).isRequired() || isWithin(field, seen)));
    }

    private static boolean isWithin(FieldDescriptor field, Set<Descriptor> seen) {
        return field.getJavaType() == JavaType.MESSAGE
                && (field.isMapField() || !field.isRepeated())
                && areWithin(field.getMessageType(), seen);
    }
}
