package dev.heddle.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Somebody with a token who calls a gateway over HTTP.
final class GatewayClient implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final URI gateway;
    private final String token;

    GatewayClient(URI gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return http.send(request(target).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String target, String json) throws IOException, InterruptedException {
        return http.send(withJson(target, json), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> postAsync(String target, String json) {
        return http.sendAsync(withJson(target, json), BodyHandlers.ofString());
    }

    /// A response that is read as it comes: who stops reading stops the server.
    HttpResponse<InputStream> stream(String target, String accept)
            throws IOException, InterruptedException {
        return http.send(
                request(target).header("accept", accept).build(), BodyHandlers.ofInputStream());
    }

    private HttpRequest withJson(String target, String json) {
        return request(target)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(gateway + target))
                .timeout(Duration.ofSeconds(60))
                .header("authorization", "Bearer " + token);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
