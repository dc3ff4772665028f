package dev.heddle.documents;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

/// The JSON merge patch (RFC 7396).
final class MergePatch {
    private MergePatch() {}

    /// A document after a patch.
    static Struct apply(Struct document, Struct patch) {
        var patched = document.toBuilder();
        patch.getFieldsMap()
                .forEach((name, value) -> {
                    switch (value.getKindCase()) {
                        case NULL_VALUE -> patched.removeFields(name);
                        case STRUCT_VALUE ->
                                patched.putFields(
                                        name,
                                        of(
                                                apply(
                                                        present(document, name),
                                                        value.getStructValue())));
                        default -> patched.putFields(name, value);
                    }
                });
        return patched.build();
    }

    /// The object that a member is; what is none counts as an empty one.
    private static Struct present(Struct document, String name) {
        return document.getFieldsOrDefault(name, Value.getDefaultInstance()).getStructValue();
    }

    private static Value of(Struct struct) {
        return Value.newBuilder().setStructValue(struct).build();
    }
}
