package dev.heddle.facade.route;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A field of a message, or of a message within it.
///
/// @param fields the way to it, from the outermost message's field; never empty
public record FieldPath(List<FieldDescriptor> fields) {
    public FieldPath {
        fields = List.copyOf(fields);
    }

    /// The field that the path leads to.
    public FieldDescriptor leaf() {
        return fields.getLast();
    }

    /// The path as in the `.proto`, such as `user.id`.
    @Override
    public String toString() {
        return fields.size() == 1
                ? leaf().getName()
                : fields.stream().map(FieldDescriptor::getName).collect(Collectors.joining("."));
    }

    /// Resolves a path to a field that holds a single value and is no message: the only kind that a
    /// rule may set from text.
    ///
    /// @throws IllegalArgumentException if the path leads elsewhere
    static FieldPath toScalar(Descriptor message, String path) {
        var fields = new ArrayList<FieldDescriptor>();
        var type = message;
        var names = path.split("\\.", -1);
        for (int i = 0; i < names.length; i++) {
            var field = field(type, names[i]);
            check(!field.isRepeated(), path, field, "a singular field", "repeated");
            boolean isMessage = field.getJavaType() == JavaType.MESSAGE;
            if (i == names.length - 1) {
                check(!isMessage, path, field, "a field that is no message", "a message");
            } else {
                check(isMessage, path, field, "a message", "no message");
                type = field.getMessageType();
            }
            fields.add(field);
        }
        return new FieldPath(fields);
    }

    /// A field of a message by its name in the `.proto`.
    ///
    /// @throws IllegalArgumentException if there is none, with the nearest names
    static FieldDescriptor field(Descriptor message, String name) {
        var field = message.findFieldByName(name);
        if (field == null) {
            var names = message.getFields().stream().map(FieldDescriptor::getName).toList();
            throw new IllegalArgumentException(
                    "\"%s\" (expected: a field of %s%s)"
                            .formatted(name, message.getFullName(), suggestion(name, names)));
        }
        return field;
    }

    private static String suggestion(String name, List<String> names) {
        var nearest = Nearest.to(name, names);
        return nearest.isEmpty() ? "" : "; nearest: " + String.join(", ", nearest);
    }

    private static void check(
            boolean holds, String path, FieldDescriptor field, String expected, String is) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "\"%s\": %s is %s (expected: %s)"
                            .formatted(path, field.getFullName(), is, expected));
        }
    }
}
