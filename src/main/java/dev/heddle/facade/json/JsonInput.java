package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Optional;

/// Reads messages from JSON as it arrives: one message, or many as an array or one after another.
///
/// Every method throws [RpcException] INVALID_ARGUMENT for what is not JSON or doesn't fit the
/// message, with the field's path or the line and column; the message is then as it was. A failure
/// of the stream below is thrown as it is.
public final class JsonInput implements AutoCloseable {
    private final Codecs codecs;
    private final boolean ignoresUnknown;
    private final JsonParser parser;
    private final Malformed malformed;
    private boolean inArray;
    private int element = -1;

    JsonInput(Codecs codecs, boolean ignoresUnknown, JsonSource source) throws IOException {
        this.codecs = codecs;
        this.ignoresUnknown = ignoresUnknown;
        this.parser = Texts.parser(source);
        this.malformed = new Malformed(parser, source);
    }

    /// Goes to the next element of a top-level array, or to the next of several top-level values,
    /// such as the lines of NDJSON.
    ///
    /// @return whether there is one
    public boolean next() throws IOException {
        try {
            var token = parser.nextToken();
            if (token == JsonToken.START_ARRAY && !inArray) {
                inArray = true;
                token = parser.nextToken();
            }
            if (token == JsonToken.END_ARRAY && inArray) {
                end();
                return false;
            }
            element++;
            return token != null;
        } catch (IOException e) {
            throw malformed.of(e);
        }
    }

    /// Reads the value that the input stands at, or the first, into a message. No value at all
    /// leaves the message as it is.
    public void merge(Message.Builder into) throws IOException {
        if (standsAtValue()) {
            var type = into.getDescriptorForType();
            var path = inArray ? "[" + element + "]" : "";
            into.mergeFrom(read(codecs.of(type)::read, Place.root(path, Optional.of(type))));
        }
    }

    /// Reads the value that the input stands at, or the first, into one field of a message. No
    /// value at all, or `null`, leaves the field as it is.
    public void merge(Message.Builder into, FieldDescriptor field) throws IOException {
        var codec = codecs.of(field);
        var isValue =
                standsAtValue()
                        && (parser.currentToken() != JsonToken.VALUE_NULL || codec.takesNull());
        if (isValue) {
            var value = read(codec::read, Place.root(field));
            into.clearField(field).mergeFrom(value);
        }
    }

    /// Makes sure that nothing but white space follows.
    public void end() throws IOException {
        try {
            if (parser.nextToken() == null) {
                return;
            }
        } catch (IOException e) {
            throw malformed.of(e);
        }
        throw malformed.more();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private interface Reader {
        void read(Reading in) throws IOException;
    }

    private CodedInputStream read(Reader reader, Place root) throws IOException {
        var reading = Reading.of(parser, ignoresUnknown, root);
        try {
            reader.read(reading);
        } catch (IOException e) {
            throw malformed.of(e);
        }
        return reading.wire().toInput();
    }

    private boolean standsAtValue() throws IOException {
        try {
            return parser.currentToken() != null || parser.nextToken() != null;
        } catch (IOException e) {
            throw malformed.of(e);
        }
    }
}
