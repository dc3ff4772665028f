package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Reads and writes one field of a message.
abstract sealed class FieldCodec permits FieldCodec.Single, FieldCodec.Repeated, MapCodec {
    private final int number;
    private final SerializableString name;

    FieldCodec(FieldDescriptor field) {
        this.number = field.getNumber();
        this.name = new SerializedString(field.getJsonName());
    }

    int number() {
        return number;
    }

    /// Translates the value behind a tag, and further ones of the same field, into a member.
    ///
    /// @return the next tag
    final int writeMember(int tag, WireInput from, Writing to) throws IOException {
        to.json().writeFieldName(name);
        return write(tag, from, to);
    }

    /// Whether `null` is a value; otherwise it is the absence of one.
    abstract boolean takesNull();

    /// Whether the field is written under a tag; otherwise what is there is not known.
    abstract boolean has(int tag);

    /// Translates the value that the parser stands at, if that is one, with its tag.
    abstract void read(Reading in) throws IOException;

    /// Translates the value behind a tag, and further ones of the same field.
    ///
    /// @return the next tag
    abstract int write(int tag, WireInput from, Writing to) throws IOException;

    /// Writes what the field has where nothing is set.
    abstract void writeDefault(Writing to) throws IOException;

    /// A field with one value.
    static final class Single extends FieldCodec {
        private final int tag;
        private final ValueCodec value;

        Single(FieldDescriptor field, ValueCodec value) {
            super(field);
            this.tag = tag(field.getNumber(), value.wireType());
            this.value = value;
        }

        @Override
        boolean takesNull() {
            return value.takesNull();
        }

        @Override
        boolean has(int tag) {
            return tag == this.tag;
        }

        @Override
        void read(Reading in) throws IOException {
            if (in.ignoresUnknown() && value.isUnknown(in)) {
                return;
            }
            in.wire().varint32(tag);
            value.read(in);
        }

        @Override
        int write(int tag, WireInput from, Writing to) throws IOException {
            value.write(from, to);
            return from.tag();
        }

        @Override
        void writeDefault(Writing to) throws IOException {
            value.write(WireInput.zeros(), to);
        }
    }

    /// A list. Elements of one size each may stand together behind one tag.
    static final class Repeated extends FieldCodec {
        private final int tag;
        private final int packedTag;
        private final boolean isPackable;
        private final ValueCodec value;

        Repeated(FieldDescriptor field, ValueCodec value) {
            super(field);
            this.tag = tag(field.getNumber(), value.wireType());
            this.packedTag = tag(field.getNumber(), WireFormat.WIRETYPE_LENGTH_DELIMITED);
            this.isPackable = field.isPackable();
            this.value = value;
        }

        @Override
        boolean takesNull() {
            return false;
        }

        @Override
        boolean has(int tag) {
            return tag == this.tag || (isPackable && tag == packedTag);
        }

        @Override
        void read(Reading in) throws IOException {
            var parser = in.parser();
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw in.mismatch();
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.VALUE_NULL && !value.takesNull()) {
                    throw in.mismatch();
                }
                if (!in.ignoresUnknown() || !value.isUnknown(in)) {
                    in.wire().varint32(tag);
                    value.read(in);
                }
            }
        }

        @Override
        int write(int tag, WireInput from, Writing to) throws IOException {
            to.json().writeStartArray();
            var next = tag;
            while (has(next)) {
                if (next == this.tag) {
                    value.write(from, to);
                } else {
                    writePacked(from, to);
                }
                next = from.tag();
            }
            to.json().writeEndArray();
            return next;
        }

        @Override
        void writeDefault(Writing to) throws IOException {
            to.json().writeStartArray();
            to.json().writeEndArray();
        }

        private void writePacked(WireInput from, Writing to) throws IOException {
            var outer = from.enter();
            while (!from.isAtEnd()) {
                value.write(from, to);
            }
            from.leave(outer);
        }
    }

    static int tag(int number, int wireType) {
        return (number << 3) | wireType;
    }
}
