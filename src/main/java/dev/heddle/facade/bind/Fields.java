package dev.heddle.facade.bind;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.Optional;

/// What JSON and queries know of fields.
final class Fields {
    private Fields() {}

    /// A field by its name in the `.proto` or in JSON.
    static Optional<FieldDescriptor> find(Descriptor message, String name) {
        var field = message.findFieldByName(name);
        return field != null
                ? Optional.of(field)
                : message.getFields().stream()
                        .filter(candidate -> candidate.getJsonName().equals(name))
                        .findFirst();
    }

    /// Whether a field is a single message whose fields can be named one by one. Those of
    /// `google.protobuf` have a representation of their own, as a whole.
    static boolean isPlainMessage(FieldDescriptor field) {
        return field.getJavaType() == JavaType.MESSAGE
                && !field.isRepeated()
                && !isWellKnown(field.getMessageType());
    }

    static boolean isWellKnown(Descriptor message) {
        return message.getFile().getPackage().equals("google.protobuf");
    }
}
