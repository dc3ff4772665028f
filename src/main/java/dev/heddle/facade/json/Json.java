package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import dev.heddle.rpc.Rpcs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;

/// Messages as JSON, by the JSON mapping of Protobuf.
///
/// Reading is strict: names that are unknown, given twice or in one oneof, numbers out of range,
/// text behind the value, text that is not UTF-8 and nesting deeper than [#MAX_DEPTH] are refused.
/// Writing leaves out fields that have their default value. An `Any` whose type is not known here
/// keeps its bytes, as base64 under `value`. Safe for use by many threads.
public final class Json {
    /// How deep a text may be nested.
    public static final int MAX_DEPTH = 100;

    private final Codecs codecs;
    private final boolean ignoresUnknown;

    /// How messages are written.
    ///
    /// @param int64AsNumbers whether 64-bit integers are numbers, which JavaScript rounds beyond
    ///   2^53; the standard has strings
    /// @param isPretty whether the text is laid out for people
    public record Options(boolean int64AsNumbers, boolean isPretty) {
        /// The standard.
        public static final Options STANDARD = new Options(false, false);
    }

    private Json(Codecs codecs, boolean ignoresUnknown) {
        this.codecs = codecs;
        this.ignoresUnknown = ignoresUnknown;
    }

    /// The JSON of the messages of some methods, and of any others. An `Any` may hold what is in
    /// the files of these methods and in all that they import, and what errors and Protobuf itself
    /// have.
    ///
    /// @param others messages of other files, whose types an `Any` may hold as well
    public static Json of(Rpcs rpcs, Message... others) {
        var files = new ArrayList<FileDescriptor>();
        rpcs.all().forEach(rpc -> files.add(rpc.contract().descriptor().getFile()));
        for (var other : others) {
            files.add(other.getDescriptorForType().getFile());
        }
        return new Json(new Codecs(files), false);
    }

    /// The same, but members whose names are unknown are passed over, and so are the names of
    /// unknown values of enums.
    public Json ignoringUnknown() {
        return new Json(codecs, true);
    }

    /// Writes a message. The stream is neither flushed nor closed. A message that JSON can't have,
    /// such as a timestamp of the year 10,000, is none that a service may answer with.
    ///
    /// @throws IllegalArgumentException for such a message
    public void write(Message message, OutputStream out, Options options) throws IOException {
        var codec = codecs.of(message.getDescriptorForType());
        var wire = new WireInput(message.toByteArray());
        write(out, options, writing -> codec.write(wire, writing));
    }

    public byte[] toBytes(Message message, Options options) {
        var codec = codecs.of(message.getDescriptorForType());
        var wire = new WireInput(message.toByteArray());
        return toBytes(options, writing -> codec.write(wire, writing));
    }

    /// The value of one field: of a list an array, of a map an object, whether or not it is set.
    public byte[] toBytes(Message message, FieldDescriptor field, Options options) {
        var value = message.getField(field);
        if (value instanceof Message single) {
            return toBytes(single, options);
        }
        var codec = codecs.of(field);
        var only = message.newBuilderForType().setField(field, value).buildPartial();
        var wire = new WireInput(only.toByteArray());
        return toBytes(
                options,
                writing -> {
                    if (wire.isAtEnd()) {
                        codec.writeDefault(writing);
                    } else {
                        var _ = codec.write(wire.tag(), wire, writing);
                    }
                });
    }

    /// A status, with its code and its message in any case.
    public byte[] toBytes(Status status) {
        var details = codecs.of(Any.getDescriptor());
        return toBytes(
                Options.STANDARD,
                writing -> {
                    var json = writing.json();
                    json.writeStartObject();
                    json.writeNumberField("code", status.getCode());
                    json.writeStringField("message", status.getMessage());
                    json.writeArrayFieldStart("details");
                    for (var detail : status.getDetailsList()) {
                        details.write(new WireInput(detail.toByteArray()), writing);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    /// A detail of an error.
    public byte[] toBytes(Any detail) {
        return toBytes(detail, Options.STANDARD);
    }

    /// Starts to read a text. Closing the input closes the stream.
    public JsonInput open(InputStream in) throws IOException {
        return new JsonInput(codecs, ignoresUnknown, new JsonSource(in));
    }

    /// Reads a text of one message. An empty text leaves the message as it is.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT; see [JsonInput]
    public void merge(InputStream in, Message.Builder into) throws IOException {
        merge(new JsonSource(in), into);
    }

    /// Reads a text of one message. An empty text leaves the message as it is.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT; see [JsonInput]
    public void merge(byte[] text, Message.Builder into) {
        try {
            merge(new JsonSource(text), into);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private void merge(JsonSource source, Message.Builder into) throws IOException {
        try (var input = new JsonInput(codecs, ignoresUnknown, source)) {
            input.merge(into);
            input.end();
        }
    }

    /// A parser without a message, for those who look for names alone.
    public JsonParser parser(byte[] text) {
        try {
            return Texts.parser(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Text {
        void write(Writing writing) throws IOException;
    }

    private static byte[] toBytes(Options options, Text text) {
        var bytes = new ByteArrayOutputStream();
        try {
            write(bytes, options, text);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void write(OutputStream out, Options options, Text text) throws IOException {
        var generator = Texts.generator(out);
        if (options.isPretty()) {
            generator.useDefaultPrettyPrinter();
        }
        text.write(new Writing(generator, options.int64AsNumbers()));
        // not when that failed: closing would pass on the beginning of what was not to be written
        generator.close();
    }
}
