package dev.heddle.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The `update_mask` of an Update method (AIP-134): which fields of a message are to change. `*`
/// stands for all that can, and `etag`, which a caller may send along, for none.
///
/// @param fields their names
public record UpdateMask(Set<String> fields) {
    private static final String ALL = "*";
    private static final String ETAG = "etag";

    public UpdateMask {
        fields = Set.copyOf(fields);
    }

    /// Reads a mask.
    ///
    /// @param type what it is a mask of
    /// @param changeable the fields that callers may change
    /// @throws RpcException INVALID_ARGUMENT for a mask that names nothing, or what can't be
    ///   changed
    public static UpdateMask of(FieldMask mask, Descriptor type, List<String> changeable) {
        var fields = new LinkedHashSet<String>();
        for (var path : mask.getPathsList()) {
            if (path.equals(ALL)) {
                fields.addAll(changeable);
            } else if (changeable.contains(path)) {
                fields.add(path);
            } else if (!path.equals(ETAG)) {
                throw invalidPath(path, type, changeable);
            }
        }
        if (fields.isEmpty()) {
            throw RpcException.invalidField(
                    "update_mask",
                    "names no field to change (expected: %s)".formatted(expected(changeable)));
        }
        return new UpdateMask(fields);
    }

    /// Gives the fields of a message the values that they have in another of its type; a field that
    /// is not set there is cleared.
    public <B extends Message.Builder> B apply(Message values, B to) {
        for (var name : fields) {
            var field = to.getDescriptorForType().findFieldByName(name);
            if (!field.isRepeated() && field.hasPresence() && !values.hasField(field)) {
                to.clearField(field);
            } else {
                to.setField(field, values.getField(field));
            }
        }
        return to;
    }

    private static RpcException invalidPath(String path, Descriptor type, List<String> changeable) {
        var known = type.findFieldByName(path) != null;
        return RpcException.invalidField(
                "update_mask",
                "%s \"%s\" (expected: %s)"
                        .formatted(
                                known ? "the server alone sets" : "unknown field",
                                path,
                                expected(changeable)));
    }

    private static String expected(List<String> changeable) {
        return String.join(", ", changeable) + " or *";
    }
}
