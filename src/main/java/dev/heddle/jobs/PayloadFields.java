package dev.heddle.jobs;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.rpc.RpcException;
import java.util.Set;

/// The fields of a payload, for types that check them. What does not fit is refused with
/// INVALID_ARGUMENT, which names the field.
public final class PayloadFields {
    private static final String PAYLOAD = "job.payload";

    private final Struct payload;

    private PayloadFields(Struct payload) {
        this.payload = payload;
    }

    /// The fields of a payload.
    ///
    /// @param known those that it may have
    public static PayloadFields of(Struct payload, Set<String> known) {
        for (var name : payload.getFieldsMap().keySet()) {
            if (!known.contains(name)) {
                throw RpcException.invalidField(
                        PAYLOAD,
                        "\"%s\" (expected: one of %s)"
                                .formatted(
                                        name, String.join(", ", known.stream().sorted().toList())));
            }
        }
        return new PayloadFields(payload);
    }

    /// A field that must be there and must be text.
    ///
    /// @param longest how many characters it may have; it must have one
    public String text(String name, int longest) {
        var value = value(name);
        var text = value.getStringValue();
        if (!value.hasStringValue() || text.isEmpty() || text.length() > longest) {
            throw invalid(name, "expected: 1 to %d characters".formatted(longest));
        }
        return text;
    }

    /// A field that is empty where it is not there.
    ///
    /// @param longest how many characters it may have
    public String textIfAny(String name, int longest) {
        return payload.containsFields(name) ? text(name, longest) : "";
    }

    /// A field of any kind, null where it is not there.
    public Value value(String name) {
        return payload.getFieldsOrDefault(
                name,
                Value.newBuilder().setNullValue(com.google.protobuf.NullValue.NULL_VALUE).build());
    }

    /// What a caller gets who sets a field wrongly.
    ///
    /// @param expected what it should be
    public static RpcException invalid(String name, String expected) {
        return RpcException.invalidField(PAYLOAD + "." + name, expected);
    }
}
