package dev.heddle.facade.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Any;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// The ends of calls as Connect writes them, in JSON.
final class ConnectErrors {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

    private ConnectErrors() {}

    private interface Body {
        void write(JsonGenerator generator) throws IOException;
    }

    /// An `Error`.
    static byte[] toBytes(RpcException failure, Json json) {
        return object(generator -> writeError(failure, generator, json));
    }

    /// An `EndStreamResponse`.
    ///
    /// @param trailers the metadata behind a stream
    /// @param failure empty for a stream that ended well
    static byte[] end(Headers trailers, Optional<RpcException> failure, Json json) {
        return object(generator -> {
            if (failure.isPresent()) {
                generator.writeObjectFieldStart("error");
                writeError(failure.get(), generator, json);
                generator.writeEndObject();
            }
            if (!trailers.isEmpty()) {
                generator.writeObjectFieldStart("metadata");
                writeMetadata(trailers, generator);
                generator.writeEndObject();
            }
        });
    }

    private static byte[] object(Body body) {
        var bytes = new ByteArrayOutputStream();
        try (var generator = FACTORY.createGenerator(bytes)) {
            generator.writeStartObject();
            body.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeError(RpcException failure, JsonGenerator generator, Json json)
            throws IOException {
        var status = failure.toStatus();
        generator.writeStringField("code", name(failure.code()));
        if (!status.getMessage().isEmpty()) {
            generator.writeStringField("message", status.getMessage());
        }
        if (status.getDetailsCount() > 0) {
            generator.writeArrayFieldStart("details");
            for (var detail : status.getDetailsList()) {
                writeDetail(detail, generator, json);
            }
            generator.writeEndArray();
        }
    }

    /// A detail as bytes for programs and, under `debug`, in words for people.
    private static void writeDetail(Any detail, JsonGenerator generator, Json json)
            throws IOException {
        var url = detail.getTypeUrl();
        generator.writeStartObject();
        generator.writeStringField("type", url.substring(url.lastIndexOf('/') + 1));
        generator.writeStringField("value", BASE64.encodeToString(detail.getValue().toByteArray()));
        generator.writeFieldName("debug");
        generator.writeRawValue(new String(json.toBytes(detail), StandardCharsets.UTF_8));
        generator.writeEndObject();
    }

    private static void writeMetadata(Headers trailers, JsonGenerator generator)
            throws IOException {
        for (var name : trailers.names()) {
            generator.writeArrayFieldStart(name);
            for (var value : trailers.all(name)) {
                generator.writeString(value);
            }
            generator.writeEndArray();
        }
    }

    private static String name(Code code) {
        return code == Code.CANCELLED ? "canceled" : code.name().toLowerCase(Locale.ROOT);
    }
}
