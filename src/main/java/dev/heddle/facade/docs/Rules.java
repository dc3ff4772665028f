package dev.heddle.facade.docs;

import build.buf.validate.FieldRules;
import build.buf.validate.Ignore;
import build.buf.validate.ValidateProto;
import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;

/// What the options of a field demand of its value.
///
/// @param behavior by `google/api/field_behavior.proto`
/// @param field by `buf/validate/validate.proto`; none where they are not applied
record Rules(List<FieldBehavior> behavior, FieldRules field) {
    static Rules of(FieldDescriptor field) {
        var options = field.getOptions();
        var rules = options.getExtension(ValidateProto.field);
        return new Rules(
                options.getExtension(FieldBehaviorProto.fieldBehavior),
                rules.getIgnore() == Ignore.IGNORE_ALWAYS
                        ? FieldRules.getDefaultInstance()
                        : rules);
    }

    boolean isRequired() {
        return field.getRequired() || behavior.contains(FieldBehavior.REQUIRED);
    }

    boolean isReadOnly() {
        return behavior.contains(FieldBehavior.OUTPUT_ONLY);
    }

    boolean isWriteOnly() {
        return behavior.contains(FieldBehavior.INPUT_ONLY);
    }
}
