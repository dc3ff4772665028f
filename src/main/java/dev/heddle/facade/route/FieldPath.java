package dev.heddle.facade.route;

import com.google.protobuf.Descriptors.FieldDescriptor;
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
        return fields.stream().map(FieldDescriptor::getName).collect(Collectors.joining("."));
    }
}
