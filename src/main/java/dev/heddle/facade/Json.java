package dev.heddle.facade;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import dev.heddle.rpc.Rpcs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;

/// Messages as JSON, by the JSON mapping of Protobuf, straight between the wire and the message.
///
/// Reading is strict: names that are unknown, given twice or in one oneof, numbers out of range,
/// text behind the value, text that is not UTF-8 and nesting deeper than [#MAX_DEPTH] are refused.
/// The `@type` of an `Any` must be its first member. Writing leaves out fields that have their
/// default value. Safe for use by many threads.
public final class Json {
    /// How deep a text may be nested.
    public static final int MAX_DEPTH = 100;

    /// The length of a number, in characters; more than any 64-bit value needs.
    private static final int MAX_NUMBER_LENGTH = 400;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                    // the bound of the body is the bound of a string
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                    // buffers of one thread each would be of no use to virtual threads
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build();

    private final Marshallers marshallers;

    /// How messages are written.
    ///
    /// @param int64AsNumbers whether 64-bit integers are numbers, which JavaScript rounds beyond
    ///   2^53; the standard has strings
    /// @param isPretty whether the text is laid out for people
    public record Options(boolean int64AsNumbers, boolean isPretty) {
        /// The standard.
        public static final Options STANDARD = new Options(false, false);
    }

    Json(Marshallers marshallers) {
        this.marshallers = marshallers;
    }

    /// The JSON of the messages of some methods.
    ///
    /// @param others messages of other types, which will be needed too
    public static Json of(Rpcs rpcs, Message... others) {
        var types = new LinkedHashMap<String, Message>();
        for (var other : others) {
            types.put(other.getDescriptorForType().getFullName(), other);
        }
        for (var rpc : rpcs.all()) {
            var contract = rpc.contract();
            types.put(contract.descriptor().getInputType().getFullName(), contract.request());
            types.put(contract.descriptor().getOutputType().getFullName(), contract.response());
        }
        return new Json(new Marshallers(types.values()));
    }

    /// Compiles what the first calls would otherwise wait for: a second or two of one processor's
    /// time, well spent on a background thread once the gateway listens.
    public void warmUp() {
        marshallers.compileAll();
    }

    /// Writes a message. The stream is neither flushed nor closed.
    public void write(Message message, OutputStream out, Options options) throws IOException {
        var marshaller = marshallers.of(message.getDefaultInstanceForType());
        try (var generator = generator(message, out, options)) {
            marshaller.writeValue(message, generator);
        }
    }

    public byte[] toBytes(Message message, Options options) {
        var bytes = new ByteArrayOutputStream();
        try {
            write(message, bytes, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// The value of one field: of a list an array, of a map an object, whether or not it is set.
    public byte[] toBytes(Message message, FieldDescriptor field, Options options) {
        var value = message.getField(field);
        return value instanceof Message single
                ? toBytes(single, options)
                : new JsonField(this, options.int64AsNumbers()).toBytes(message, field);
    }

    /// A status, with its code and its message in any case. A detail of a type that is not known
    /// here keeps its bytes, as base64 under `value`.
    public byte[] toBytes(Status status) {
        var bytes = new ByteArrayOutputStream();
        try (var generator = FACTORY.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeNumberField("code", status.getCode());
            generator.writeStringField("message", status.getMessage());
            generator.writeArrayFieldStart("details");
            for (var detail : status.getDetailsList()) {
                generator.writeRawValue(new String(toBytes(detail), StandardCharsets.UTF_8));
            }
            generator.writeEndArray();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// A detail of an error. One of a type that is not known here keeps its bytes, as base64 under
    /// `value`.
    public byte[] toBytes(Any detail) {
        var bytes = new ByteArrayOutputStream();
        try {
            write(detail, bytes, Options.STANDARD);
            return bytes.toByteArray();
        } catch (InvalidProtocolBufferException _) {
            return unknown(detail);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts to read a text. Closing the input closes the stream.
    public JsonInput open(InputStream in) throws IOException {
        return new JsonInput(FACTORY, marshallers, in);
    }

    /// Reads a text of one message. An empty text leaves the message as it is.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT; see [JsonInput]
    public void merge(InputStream in, Message.Builder into) throws IOException {
        try (var input = open(in)) {
            input.merge(into);
            input.end();
        }
    }

    /// Reads a text of one message. An empty text leaves the message as it is.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT; see [JsonInput]
    public void merge(byte[] text, Message.Builder into) {
        try {
            merge(new ByteArrayInputStream(text), into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A parser without a message, for those who look for names alone.
    public JsonParser parser(byte[] text) {
        try {
            return FACTORY.createParser(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] unknown(Any detail) {
        var bytes = new ByteArrayOutputStream();
        try (var generator = FACTORY.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeStringField("@type", detail.getTypeUrl());
            generator.writeBinaryField("value", detail.getValue().toByteArray());
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static JsonGenerator generator(Message message, OutputStream out, Options options)
            throws IOException {
        var generator = FACTORY.createGenerator(out);
        if (options.isPretty()) {
            generator.useDefaultPrettyPrinter();
        }
        return options.int64AsNumbers()
                ? new Int64Numbers(generator, message.getDescriptorForType())
                : new MessageGenerator(generator);
    }
}
