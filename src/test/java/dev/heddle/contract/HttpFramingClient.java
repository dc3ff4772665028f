package dev.heddle.contract;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import dev.heddle.rpc.RpcException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// The JDK's HTTP client, for whatever the path of a method's rule answers. A subclass knows how a
/// stream is written.
abstract class HttpFramingClient implements FramingClient {
    private static final JsonFormat.Parser JSON =
            JsonFormat.parser().usingTypeRegistry(Transcoding.DETAILS);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final URI gateway;
    private final String streamType;

    /// @param streamType the media type to ask for where a method answers with a stream
    HttpFramingClient(URI gateway, String streamType) {
        this.gateway = gateway;
        this.streamType = streamType;
    }

    /// Reads a stream to its end.
    ///
    /// @throws CutException if it has no end
    abstract void readStream(InputStream body, Consumer<String> each) throws IOException;

    @Override
    public <Q extends Message, R extends Message> void call(
            MethodDescriptor<Q, R> method, List<Q> requests, Options options, Consumer<R> each) {
        try (var body = open(method, requests, options).body()) {
            if (method.getType().serverSendsOneMessage()) {
                each.accept(
                        message(method, new String(body.readAllBytes(), StandardCharsets.UTF_8)));
            } else {
                readStream(body, json -> each.accept(message(method, json)));
            }
        } catch (IOException e) {
            throw new CutException(String.valueOf(e));
        }
    }

    @Override
    public <Q extends Message, R extends Message> void abandon(
            MethodDescriptor<Q, R> method, Q request, Options options) {
        try (var body = open(method, List.of(request), options).body()) {
            if (body.read() < 0) {
                throw new CutException("no response");
            }
        } catch (IOException e) {
            throw new CutException(String.valueOf(e));
        }
    }

    private <Q extends Message, R extends Message> HttpResponse<InputStream> open(
            MethodDescriptor<Q, R> method, List<Q> requests, Options options) throws IOException {
        var transcoded = Transcoding.request(method, requests);
        var request =
                HttpRequest.newBuilder(URI.create(gateway + transcoded.target()))
                        .timeout(Duration.ofSeconds(40))
                        .header(
                                "accept",
                                method.getType().serverSendsOneMessage()
                                        ? "application/json"
                                        : streamType)
                        .method(
                                transcoded.method(),
                                transcoded.bodies().isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(
                                                String.join("\n", transcoded.bodies())));
        if (!transcoded.bodies().isEmpty()) {
            request.header(
                    "content-type",
                    method.getType().clientSendsOneMessage()
                            ? "application/json"
                            : "application/x-ndjson");
        }
        options.token().ifPresent(token -> request.header("authorization", "Bearer " + token));
        options.timeout()
                .ifPresent(timeout ->
                        request.header(
                                "x-server-timeout", String.valueOf(timeout.toMillis() / 1000.0)));
        var response = send(request.build());
        if (response.statusCode() != 200) {
            throw failure(new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        return response;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The error that a status in JSON stands for.
    static RpcException failure(String json) {
        var status = Status.newBuilder();
        merge(json, status);
        return RpcException.of(status.build());
    }

    @SuppressWarnings("unchecked")
    private static <R extends Message> R message(MethodDescriptor<?, R> method, String json) {
        var marshaller = (PrototypeMarshaller<R>) method.getResponseMarshaller();
        var builder = Objects.requireNonNull(marshaller.getMessagePrototype()).newBuilderForType();
        merge(json, builder);
        return (R) builder.build();
    }

    private static void merge(String json, Message.Builder into) {
        try {
            JSON.merge(json, into);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("not the JSON of a message: " + json, e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
