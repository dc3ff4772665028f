package dev.heddle.contract;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// The JDK's HTTP client, for framings that are a POST to the path of the method. A subclass knows
/// what is in the bodies.
abstract class MethodClient implements FramingClient {
    private final HttpClient client;
    private final URI gateway;

    MethodClient(URI gateway, Version version) {
        this.gateway = gateway;
        this.client =
                HttpClient.newBuilder()
                        .version(version)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
        if (version == Version.HTTP_2) {
            upgrade();
        }
    }

    /// Has the client upgrade its connection, which it can't with a request that has a body.
    private void upgrade() {
        var request = HttpRequest.newBuilder(gateway.resolve("/health/live")).build();
        if (send(request).version() != Version.HTTP_2) {
            throw new IllegalStateException("no upgrade to HTTP/2");
        }
    }

    abstract byte[] body(MethodDescriptor<?, ?> method, List<? extends Message> requests);

    abstract void addHeaders(
            MethodDescriptor<?, ?> method, Options options, HttpRequest.Builder request);

    /// Reads a response to its end.
    ///
    /// @throws CutException if it has no end
    abstract <R extends Message> void read(
            MethodDescriptor<?, R> method, HttpResponse<InputStream> response, Consumer<R> each)
            throws IOException;

    @Override
    public <Q extends Message, R extends Message> void call(
            MethodDescriptor<Q, R> method, List<Q> requests, Options options, Consumer<R> each) {
        var response = send(method, requests, options);
        try (var _ = response.body()) {
            read(method, response, each);
        } catch (IOException e) {
            throw new CutException(String.valueOf(e));
        }
    }

    @Override
    public <Q extends Message, R extends Message> void abandon(
            MethodDescriptor<Q, R> method, Q request, Options options) {
        try (var body = send(method, List.of(request), options).body()) {
            if (body.read() < 0) {
                throw new CutException("no response");
            }
        } catch (IOException e) {
            throw new CutException(String.valueOf(e));
        }
    }

    private HttpResponse<InputStream> send(
            MethodDescriptor<?, ?> method, List<? extends Message> requests, Options options) {
        var request =
                HttpRequest.newBuilder(URI.create(gateway + "/" + method.getFullMethodName()))
                        .timeout(Duration.ofSeconds(40))
                        .POST(BodyPublishers.ofByteArray(body(method, requests)));
        options.token().ifPresent(token -> request.header("authorization", "Bearer " + token));
        addHeaders(method, options, request);
        return send(request.build());
    }

    private HttpResponse<InputStream> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new CutException(String.valueOf(e));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static <R extends Message> R prototype(MethodDescriptor<?, R> method) {
        var marshaller = (PrototypeMarshaller<R>) method.getResponseMarshaller();
        return Objects.requireNonNull(marshaller.getMessagePrototype());
    }

    static <R extends Message> R parse(MethodDescriptor<?, R> method, byte[] bytes) {
        return method.getResponseMarshaller().parse(new java.io.ByteArrayInputStream(bytes));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
