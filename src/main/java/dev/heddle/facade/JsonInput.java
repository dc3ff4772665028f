package dev.heddle.facade;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads messages from JSON as it arrives: one message, or many as an array or one after another.
///
/// Every method throws [RpcException] INVALID_ARGUMENT for what is not JSON or doesn't fit the
/// message, with the field's path or the line and column. A failure of the stream below is thrown
/// as it is.
public final class JsonInput implements AutoCloseable {
    private final Marshallers marshallers;
    private final JsonSource source;
    private final JsonParser parser;
    private boolean inArray;
    private int element = -1;

    JsonInput(JsonFactory factory, Marshallers marshallers, InputStream in) throws IOException {
        this.marshallers = marshallers;
        this.source = new JsonSource(in);
        this.parser = factory.createParser(source);
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
            throw failures(JsonPlace.WHOLE).of(e);
        }
    }

    /// Reads the value that the input stands at, or the first, into a message. No value at all
    /// leaves the message as it is.
    public void merge(Message.Builder into) throws IOException {
        if (standsAtValue()) {
            merge(parser, into, root(into.getDescriptorForType()));
        }
    }

    /// Reads the value that the input stands at, or the first, into one field of a message. No
    /// value at all leaves the field as it is.
    public void merge(Message.Builder into, FieldDescriptor field) throws IOException {
        if (!standsAtValue()) {
            return;
        }
        if (field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()) {
            var value = into.newBuilderForField(field);
            merge(value);
            into.setField(field, value.build());
        } else {
            merge(new FieldParser(parser, field.getJsonName()), into, JsonPlace.root(field));
        }
    }

    /// Makes sure that nothing but white space follows.
    public void end() throws IOException {
        try {
            if (parser.nextToken() == null) {
                return;
            }
        } catch (IOException e) {
            throw failures(JsonPlace.WHOLE).of(e);
        }
        var location = parser.currentTokenLocation();
        throw new RpcException(
                Code.INVALID_ARGUMENT,
                "malformed JSON: more than one value, the second at line %d, column %d"
                        .formatted(location.getLineNr(), location.getColumnNr()));
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private boolean standsAtValue() throws IOException {
        try {
            return parser.currentToken() != null || parser.nextToken() != null;
        } catch (IOException e) {
            throw failures(JsonPlace.WHOLE).of(e);
        }
    }

    private void merge(JsonParser from, Message.Builder into, JsonPlace root) throws IOException {
        var marshaller = marshallers.of(into.getDefaultInstanceForType());
        var failures = failures(root);
        try {
            marshaller.mergeValue(new StrictParser(from, failures::place), into);
        } catch (IOException
                | IllegalArgumentException
                | IllegalStateException
                | ArithmeticException
                | NullPointerException e) {
            // all of these the marshallers throw for values that don't fit
            throw failures.of(e);
        }
    }

    private JsonPlace root(Descriptor type) {
        return JsonPlace.root(inArray ? "[%d]".formatted(element) : "", Optional.of(type));
    }

    private JsonFailures failures(JsonPlace root) {
        return new JsonFailures(parser, source, root);
    }
}
