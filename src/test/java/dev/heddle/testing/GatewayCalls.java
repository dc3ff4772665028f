package dev.heddle.testing;

import com.google.protobuf.Message;
import dev.heddle.rpc.RpcException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;

/// Calls a gateway by grpc-java and by plain HTTP.
public final class GatewayCalls implements AutoCloseable {
    private final URI gateway;
    private final String token;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ManagedChannel connection;
    private final Channel channel;

    public GatewayCalls(URI gateway, String token) {
        this.gateway = gateway;
        this.token = token;
        this.connection =
                NettyChannelBuilder.forAddress(gateway.getHost(), gateway.getPort())
                        .usePlaintext()
                        .build();
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        this.channel =
                ClientInterceptors.intercept(
                        connection, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /// Makes a unary call by gRPC.
    ///
    /// @throws RpcException the error that the gateway answered with
    public <Q extends Message, R extends Message> R grpc(MethodDescriptor<Q, R> method, Q request) {
        try {
            return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
        } catch (StatusRuntimeException e) {
            throw RpcException.of(Objects.requireNonNull(StatusProto.fromThrowable(e)));
        }
    }

    /// Opens a stream by gRPC. What it ends with is thrown by the iterator.
    public <Q extends Message, R extends Message> Iterator<R> stream(
            MethodDescriptor<Q, R> method, Q request) {
        return ClientCalls.blockingServerStreamingCall(
                channel,
                method,
                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(60)),
                request);
    }

    public HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return http.send(request(target).build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> send(String method, String target, String json)
            throws IOException, InterruptedException {
        return http.send(
                request(target)
                        .header("content-type", "application/json")
                        .method(method, BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    /// A stream of server-sent events.
    public static final class Events implements AutoCloseable {
        private final BufferedReader lines;

        private Events(HttpResponse<InputStream> response) {
            this.lines =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        public Event next() throws IOException {
            var id = "";
            while (true) {
                var line = Objects.requireNonNull(lines.readLine(), "the stream ended");
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return new Event(id, line.substring(6));
                }
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /// A server-sent event.
    public record Event(String id, String data) {}

    /// Opens a stream of server-sent events.
    ///
    /// @param lastEventId empty for a stream from its beginning
    public Events events(String target, String lastEventId)
            throws IOException, InterruptedException {
        var request = request(target).header("accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("last-event-id", lastEventId);
        }
        return new Events(http.send(request.build(), BodyHandlers.ofInputStream()));
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(gateway.resolve(target))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + token);
    }

    @Override
    public void close() {
        connection.shutdownNow();
        http.shutdownNow();
    }
}
