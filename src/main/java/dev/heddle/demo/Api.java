package dev.heddle.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// The public API of a running gateway, as any HTTP client sees it.
final class Api implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final URI gateway;
    private final String token;

    Api(URI gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /// Makes a call and returns the JSON of its answer.
    ///
    /// @param body JSON, empty for none
    /// @throws IOException if the gateway can't be reached or answers with an error
    String call(String method, String target, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(gateway.resolve(target))
                        .timeout(Duration.ofSeconds(30))
                        .header("authorization", "Bearer " + token)
                        .header("content-type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .build();
        var response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(
                    "%s %s answered %d: %s"
                            .formatted(method, target, response.statusCode(), response.body()));
        }
        return response.body();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
