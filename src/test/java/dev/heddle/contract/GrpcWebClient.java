package dev.heddle.contract;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import dev.heddle.rpc.RpcException;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// gRPC-Web, its trailers in the last envelope.
final class GrpcWebClient extends MethodClient {
    private static final int TRAILERS = 0x80;

    private final boolean isText;

    /// @param isText whether bodies are base64
    GrpcWebClient(URI gateway, Version version, boolean isText) {
        super(gateway, version);
        this.isText = isText;
    }

    @Override
    byte[] body(MethodDescriptor<?, ?> method, List<? extends Message> requests) {
        var body = Envelopes.of(requests, Message::toByteArray);
        return isText ? Base64.getEncoder().encode(body) : body;
    }

    @Override
    void addHeaders(MethodDescriptor<?, ?> method, Options options, HttpRequest.Builder request) {
        request.header(
                "content-type", isText ? "application/grpc-web-text" : "application/grpc-web");
        options.timeout().ifPresent(time -> request.header("grpc-timeout", time.toMillis() + "m"));
    }

    @Override
    <R extends Message> void read(
            MethodDescriptor<?, R> method, HttpResponse<InputStream> response, Consumer<R> each)
            throws IOException {
        var body = isText ? new Pieces(response.body()) : response.body();
        while (true) {
            var envelope = Envelopes.next(body).orElseThrow(() -> new CutException("no trailers"));
            if (envelope.flags() == TRAILERS) {
                end(trailers(envelope.content().toByteArray()));
                return;
            }
            each.accept(parse(method, envelope.content().toByteArray()));
        }
    }

    private static Map<String, String> trailers(byte[] block) {
        var trailers = new HashMap<String, String>();
        new String(block, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.split(":", 2))
                .forEach(field -> trailers.put(field[0], field[1].strip()));
        return trailers;
    }

    private static void end(Map<String, String> trailers) throws InvalidProtocolBufferException {
        var code = Integer.parseInt(trailers.getOrDefault("grpc-status", "none"));
        if (code == 0) {
            return;
        }
        if (trailers.containsKey("grpc-status-details-bin")) {
            var details = Base64.getDecoder().decode(trailers.get("grpc-status-details-bin"));
            throw RpcException.of(Status.parseFrom(details));
        }
        var message = trailers.getOrDefault("grpc-message", "").replace("+", "%2B");
        throw RpcException.of(
                Status.newBuilder()
                        .setCode(code)
                        .setMessage(URLDecoder.decode(message, StandardCharsets.UTF_8))
                        .build());
    }

    /// Base64, four characters at a time, wherever there is padding.
    private static final class Pieces extends InputStream {
        private final InputStream in;
        private InputStream group = InputStream.nullInputStream();

        Pieces(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (group.available() == 0) {
                var next = in.readNBytes(4);
                if (next.length == 0) {
                    return -1;
                }
                group = new ByteArrayInputStream(Base64.getDecoder().decode(next));
            }
            return group.read(target, offset, length);
        }
    }
}
