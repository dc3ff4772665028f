package dev.heddle.source;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.http1.Http1Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// One request and its answer. A cancellation of the current [Task] closes the connection.
final class Fetch {
    private final WebClient client;
    private final Connections connections;
    private final int maxResponseSize;

    Fetch(WebClient client, Connections connections, int maxResponseSize) {
        this.client = client;
        this.connections = connections;
        this.maxResponseSize = maxResponseSize;
    }

    /// The body of a 200.
    ///
    /// @throws TransientException for a failure of the server's
    /// @throws RpcException NOT_FOUND, and INTERNAL for what no other try would change
    String get(URI uri) {
        var connection = connections.take();
        try (var _ = Task.current().map(task -> task.onCancel(connection::cut)).orElse(() -> {})) {
            return get(uri, connection);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            connections.giveBack(connection);
        }
    }

    private String get(URI uri, Connection connection) throws IOException {
        try (var response =
                // the general client would connect by itself first, to learn the protocol
                client.client(Http1Client.PROTOCOL)
                        .get()
                        .uri(RawAddresses.asItIs(uri))
                        .skipUriEncoding(true)
                        .connection(connection.client())
                        .header(HeaderNames.ACCEPT, "application/json")
                        .request()) {
            return read(response);
        }
    }

    private String read(HttpClientResponse response) throws IOException {
        var status = response.status().code();
        return switch (status) {
            case 200 -> body(response);
            case 404, 410 ->
                    throw new RpcException(Code.NOT_FOUND, "the source knows no such thing");
            case 408, 425, 429, 500, 502, 503, 504 ->
                    throw new TransientException(
                            new RpcException(
                                            Code.UNAVAILABLE,
                                            "the source answered with status " + status)
                                    .withReason(Source.UNAVAILABLE),
                            new IOException("status " + status));
            default -> throw broken("the source answered with status " + status);
        };
    }

    private String body(HttpClientResponse response) throws IOException {
        try (var in = response.inputStream()) {
            var body = in.readNBytes(maxResponseSize + 1);
            if (body.length > maxResponseSize) {
                throw broken(
                        "the source answered with more than %d bytes".formatted(maxResponseSize));
            }
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private static RpcException broken(String message) {
        return new RpcException(Code.INTERNAL, message).withReason(Source.BROKEN);
    }
}
