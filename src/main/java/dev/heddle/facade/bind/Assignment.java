package dev.heddle.facade.bind;

import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
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

    /// Whether the field has a value; where it has no presence, one that is not the default.
    boolean isSetIn(MessageOrBuilder request) {
        var message = request;
        for (var step : field.fields()) {
            if (!message.hasField(step)) {
                return false;
            }
            if (message.getField(step) instanceof Message inner) {
                message = inner;
            }
        }
        return true;
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
