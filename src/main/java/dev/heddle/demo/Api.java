package dev.heddle.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;

/// The public API of a running gateway, as any HTTP client sees it.
final class Api implements AutoCloseable {
    /// Answers to calls that came too late or lost a race, which is how a shop goes.
    private static final Set<Integer> REFUSALS = Set.of(400, 404, 409);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final URI gateway;
    private final String token;

    /// The gateway understood a call, and does not do it as things are.
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    Api(URI gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /// Reads something.
    String get(String target) throws IOException, InterruptedException {
        return call("GET", target, "");
    }

    /// Writes something.
    ///
    /// @param body JSON
    String post(String target, String body) throws IOException, InterruptedException {
        return call("POST", target, body);
    }

    /// Makes a call and returns the JSON of its answer.
    ///
    /// @param body JSON, empty for none
    /// @throws RefusedException if the gateway answers that it can't be done
    /// @throws IOException if the gateway can't be reached or answers with another error
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
        if (response.statusCode() == 200) {
            return response.body();
        }
        var message =
                "%s %s answered %d: %s"
                        .formatted(method, target, response.statusCode(), response.body());
        throw REFUSALS.contains(response.statusCode())
                ? new RefusedException(message)
                : new IOException(message);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
