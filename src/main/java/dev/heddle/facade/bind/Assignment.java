package dev.heddle.facade.bind;

import com.google.protobuf.Message;
import dev.heddle.facade.route.FieldPath;

/// A scalar that belongs into a field.
///
/// @param value as [Message.Builder#setField] takes it
record Assignment(FieldPath field, Object value) {
    static Assignment parse(FieldPath field, String text) throws InvalidParameterException {
        return new Assignment(field, Scalars.parse(field.leaf(), field.toString(), text));
    }

    void applyTo(Message.Builder request) {
        parent(request, field).setField(field.leaf(), value);
    }

    /// The builder of the message that holds a field.
    static Message.Builder parent(Message.Builder request, FieldPath field) {
        var parent = request;
        for (var step : field.fields().subList(0, field.fields().size() - 1)) {
            parent = parent.getFieldBuilder(step);
        }
        return parent;
    }
}
