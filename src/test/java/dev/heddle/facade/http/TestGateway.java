package dev.heddle.facade.http;

import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import io.helidon.webserver.WebServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/// A server on a free port that serves [Diagnostics] over HTTP. Every caller is known, but those
/// who send `x-anonymous`.
final class TestGateway implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Json JSON = Json.of(Rpcs.builder().add(new Diagnostics()).build());

    final Diagnostics diagnostics = new Diagnostics();
    private final Pipeline pipeline =
            new Pipeline(
                    credentials ->
                            credentials.headers().contains("x-anonymous")
                                    ? Caller.ANONYMOUS
                                    : new Caller("test", Set.of("*")),
                    new Pipeline.Settings(TIMEOUT, 1000),
                    new SimpleMeterRegistry(),
                    OpenTelemetry.noop());
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebServer server;

    TestGateway(Settings settings) {
        var rpcs = Rpcs.builder().add(diagnostics).build();
        var facade = new HttpFacade(RouteTable.of(rpcs), pipeline, JSON, settings);
        var config = WebServer.builder().shutdownHook(false);
        new HelidonCarrier(carrierSettings(), Http2Settings.DEFAULT, TlsSettings.NONE, facade)
                .attach(config);
        server = config.build().start();
    }

    private static dev.heddle.http.carrier.Settings carrierSettings() {
        return new dev.heddle.http.carrier.Settings(
                "127.0.0.1",
                0,
                1000,
                8 * 1024,
                16 * 1024,
                16 * 1024 * 1024,
                TIMEOUT,
                TIMEOUT,
                TIMEOUT,
                Duration.ofMinutes(1));
    }

    HttpRequest.Builder request(String target, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target))
                        .version(HttpClient.Version.HTTP_1_1)
                        .timeout(TIMEOUT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> get(String target, String... headers) {
        return send(request(target, headers).GET());
    }

    HttpResponse<String> post(String target, String json, String... headers) {
        return send(
                request(target, headers)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }

    /// A connection with a small window.
    Socket open() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        return socket;
    }

    /// A connection on which a GET was sent.
    Socket openGet(String target, String accept) throws IOException {
        var socket = open();
        var head = "GET %s HTTP/1.1\r\nHost: x\r\nAccept: %s\r\n\r\n".formatted(target, accept);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.stop();
    }
}
