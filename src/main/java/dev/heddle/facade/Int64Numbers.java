package dev.heddle.facade;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/// Writes 64-bit integers as numbers, where the standard has strings: it follows which field of
/// which message each value belongs to.
final class Int64Numbers extends MessageGenerator {
    private static final Set<Descriptor> WRAPPERS =
            Set.of(Int64Value.getDescriptor(), UInt64Value.getDescriptor());
    private static final Set<Descriptor> FREE_FORM =
            Set.of(Struct.getDescriptor(), Value.getDescriptor(), ListValue.getDescriptor());

    private final Descriptor root;
    private final Deque<Level> levels = new ArrayDeque<>();

    /// An object that is being written.
    private static final class Level {
        /// The message that the object is; empty for a map and for free-form JSON.
        private Optional<Descriptor> message;

        /// The field that the next value belongs to.
        private Optional<FieldDescriptor> field;

        private Level(Optional<Descriptor> message, Optional<FieldDescriptor> field) {
            this.message = message;
            this.field = field;
        }
    }

    Int64Numbers(JsonGenerator delegate, Descriptor root) {
        super(delegate);
        this.root = root;
    }

    @Override
    public void writeStartObject() throws IOException {
        levels.push(levels.isEmpty() ? message(root) : under(levels.peek()));
        super.writeStartObject();
    }

    @Override
    public void writeEndObject() throws IOException {
        levels.pop();
        super.writeEndObject();
    }

    @Override
    public void writeFieldName(SerializableString name) throws IOException {
        enter(name.getValue());
        super.writeFieldName(name);
    }

    @Override
    public void writeFieldName(String name) throws IOException {
        enter(name);
        super.writeFieldName(name);
    }

    @Override
    public void writeString(String text) throws IOException {
        if (isInt64()) {
            super.writeNumber(text);
            return;
        }
        var level = levels.peek();
        if (level != null && level.message.filter(Any.getDescriptor()::equals).isPresent()) {
            level.message = packedType(text);
        }
        super.writeString(text);
    }

    private static Level message(Descriptor type) {
        return new Level(
                FREE_FORM.contains(type) ? Optional.empty() : Optional.of(type), Optional.empty());
    }

    private static Level under(Level parent) {
        if (parent.field.isEmpty()) {
            return new Level(Optional.empty(), Optional.empty());
        }
        var field = parent.field.get();
        if (field.isMapField()) {
            return new Level(
                    Optional.empty(), Optional.of(field.getMessageType().findFieldByName("value")));
        }
        return message(field.getMessageType());
    }

    private void enter(String name) {
        var level = levels.element();
        if (level.message.isPresent()) {
            level.field = FieldNames.find(level.message.get(), name);
        }
    }

    private boolean isInt64() {
        var level = levels.peek();
        return level == null
                ? WRAPPERS.contains(root)
                : level.field.filter(Int64Numbers::isInt64).isPresent();
    }

    private static boolean isInt64(FieldDescriptor field) {
        return field.getJavaType() == JavaType.LONG
                || (field.getJavaType() == JavaType.MESSAGE
                        && WRAPPERS.contains(field.getMessageType()));
    }

    private static Optional<Descriptor> packedType(String typeUrl) {
        var name = typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
        return Marshallers.detailTypes()
                .filter(type -> type.getFullName().equals(name))
                .findFirst();
    }
}
