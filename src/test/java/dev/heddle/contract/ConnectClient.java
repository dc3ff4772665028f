package dev.heddle.contract;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import dev.heddle.rpc.RpcException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// The Connect protocol, in Protobuf or JSON.
final class ConnectClient extends MethodClient {
    private static final int END = 2;

    private final boolean isJson;

    ConnectClient(URI gateway, Version version, boolean isJson) {
        super(gateway, version);
        this.isJson = isJson;
    }

    @Override
    byte[] body(MethodDescriptor<?, ?> method, List<? extends Message> requests) {
        return isUnary(method) ? encode(requests.getFirst()) : Envelopes.of(requests, this::encode);
    }

    @Override
    void addHeaders(MethodDescriptor<?, ?> method, Options options, HttpRequest.Builder request) {
        request.header("connect-protocol-version", "1");
        request.header(
                "content-type",
                "application/%s%s"
                        .formatted(isUnary(method) ? "" : "connect+", isJson ? "json" : "proto"));
        options.timeout()
                .ifPresent(time ->
                        request.header("connect-timeout-ms", String.valueOf(time.toMillis())));
    }

    @Override
    <R extends Message> void read(
            MethodDescriptor<?, R> method, HttpResponse<InputStream> response, Consumer<R> each)
            throws IOException {
        if (!isUnary(method)) {
            readStream(method, response.body(), each);
            return;
        }
        var body = response.body().readAllBytes();
        if (response.statusCode() != 200) {
            throw failure(json(body));
        }
        each.accept(decode(method, body));
    }

    private <R extends Message> void readStream(
            MethodDescriptor<?, R> method, InputStream body, Consumer<R> each) throws IOException {
        while (true) {
            var envelope = Envelopes.next(body).orElseThrow(() -> new CutException("no end"));
            if (envelope.flags() == END) {
                var end = json(envelope.content().toByteArray());
                if (end.containsFields("error")) {
                    throw failure(end.getFieldsOrThrow("error").getStructValue());
                }
                return;
            }
            each.accept(decode(method, envelope.content().toByteArray()));
        }
    }

    private static boolean isUnary(MethodDescriptor<?, ?> method) {
        return method.getType() == MethodType.UNARY;
    }

    private byte[] encode(Message message) {
        return isJson
                ? Transcoding.json(message).getBytes(StandardCharsets.UTF_8)
                : message.toByteArray();
    }

    @SuppressWarnings("unchecked") // a message's builder makes messages of the same type
    private <R extends Message> R decode(MethodDescriptor<?, R> method, byte[] bytes)
            throws IOException {
        if (!isJson) {
            return parse(method, bytes);
        }
        var builder = prototype(method).newBuilderForType();
        JsonFormat.parser()
                .usingTypeRegistry(Transcoding.DETAILS)
                .merge(new String(bytes, StandardCharsets.UTF_8), builder);
        return (R) builder.build();
    }

    private static Struct json(byte[] text) throws IOException {
        var object = Struct.newBuilder();
        JsonFormat.parser().merge(new String(text, StandardCharsets.UTF_8), object);
        return object.build();
    }

    private static RpcException failure(Struct error) {
        var name = error.getFieldsOrThrow("code").getStringValue();
        var code = Code.valueOf(name.replace("canceled", "cancelled").toUpperCase(Locale.ROOT));
        var status = Status.newBuilder().setCode(code.value());
        if (error.containsFields("message")) {
            status.setMessage(error.getFieldsOrThrow("message").getStringValue());
        }
        var details =
                error.containsFields("details")
                        ? error.getFieldsOrThrow("details").getListValue()
                        : ListValue.getDefaultInstance();
        details.getValuesList().forEach(detail -> status.addDetails(any(detail.getStructValue())));
        return RpcException.of(status.build());
    }

    private static Any any(Struct detail) {
        var bytes = Base64.getDecoder().decode(detail.getFieldsOrThrow("value").getStringValue());
        return Any.newBuilder()
                .setTypeUrl(
                        "type.googleapis.com/" + detail.getFieldsOrThrow("type").getStringValue())
                .setValue(ByteString.copyFrom(bytes))
                .build();
    }
}
