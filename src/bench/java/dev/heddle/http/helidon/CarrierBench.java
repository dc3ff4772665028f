package dev.heddle.http.helidon;

import com.sun.management.OperatingSystemMXBean;
import dev.heddle.http.Exchange;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Headers;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/// How many trivial requests a second the carrier answers, beside Helidon's own HTTP/1.1, with the
/// client in the same process.
@Command(
        name = "carrier",
        description = "Answers trivial requests, beside Helidon's own HTTP/1.1.",
        mixinStandardHelpOptions = true)
public final class CarrierBench implements Callable<Integer> {
    private static final byte[] BODY = "{\"id\":\"1\"}".getBytes(StandardCharsets.US_ASCII);
    private static final Headers JSON =
            Headers.builder().set("content-type", "application/json").build();
    private static final int CONNECTIONS = 16;
    private static final int ROUNDS = 8;
    private static final Duration ROUND = Duration.ofSeconds(2);

    @Override
    public Integer call() throws InterruptedException {
        var get = request("GET /v1/users/1", "");
        var post = request("POST /v1/users", "{}");
        var plain = plainHelidon();
        var ours = carrier();
        for (var round = 0; round < ROUNDS; round++) {
            compare("GET", get, plain, ours);
            compare("POST", post, plain, ours);
        }
        plain.stop();
        ours.stop();
        return ExitCode.OK;
    }

    private static byte[] request(String start, String body) {
        return """
        %s HTTP/1.1
        host: localhost:8080
        user-agent: bench/1.0
        accept: application/json
        content-type: application/json
        authorization: Bearer 0123456789abcdef0123456789abcdef
        accept-encoding: gzip
        content-length: %d

        %s\
        """
                .formatted(start, body.length(), body)
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static WebServer carrier() {
        var server = WebServer.builder();
        var settings = TestServer.settings(Duration.ofSeconds(30));
        new HelidonCarrier(settings, Http2Settings.DEFAULT, TlsSettings.NONE, CarrierBench::answer)
                .attach(server);
        return server.build().start();
    }

    private static void answer(Exchange exchange) throws IOException {
        exchange.onPeerGone(() -> {});
        var _ = exchange.body().readAllBytes();
        exchange.respond(200, JSON, BODY);
    }

    private static WebServer plainHelidon() {
        return WebServer.builder()
                .host("127.0.0.1")
                .connectionOptions(options -> options.tcpNoDelay(true))
                .addProtocol(Http1Config.builder().sendLog(false).receiveLog(false).build())
                .routing(routing -> routing.any(CarrierBench::answer))
                .build()
                .start();
    }

    private static void answer(ServerRequest request, ServerResponse response) {
        if (request.content().hasEntity()) {
            var _ = request.content().as(byte[].class);
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(BODY);
    }

    /// @param calls a second
    /// @param cpuMicros that one call costs server and client together: what stays the same on a
    ///   machine that is busy with other things
    private record Result(long calls, double cpuMicros) {}

    private static void compare(String name, byte[] request, WebServer plain, WebServer ours)
            throws InterruptedException {
        var theirs = measure(request, plain.port());
        var mine = measure(request, ours.port());
        System.out.printf(
                ">> %-4s plain Helidon %,d/s, %.1f us; carrier %,d/s, %.1f us; CPU ratio %.3f%n",
                name,
                theirs.calls(),
                theirs.cpuMicros(),
                mine.calls(),
                mine.cpuMicros(),
                mine.cpuMicros() / theirs.cpuMicros());
    }

    private static Result measure(byte[] request, int port) throws InterruptedException {
        var count = new AtomicLong();
        var done = new CountDownLatch(CONNECTIONS);
        var cpuBefore = cpuNanos();
        var end = System.nanoTime() + ROUND.toNanos();
        for (var i = 0; i < CONNECTIONS; i++) {
            Thread.startVirtualThread(() -> {
                count.addAndGet(callUntil(end, request, port));
                done.countDown();
            });
        }
        done.await();
        var cpu = cpuNanos() - cpuBefore;
        return new Result(count.get() / ROUND.toSeconds(), cpu / 1e3 / count.get());
    }

    private static long cpuNanos() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return system.getProcessCpuTime();
    }

    private static long callUntil(long end, byte[] request, int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            var buffer = new byte[4096];
            var calls = 0L;
            for (; System.nanoTime() < end; calls++) {
                socket.getOutputStream().write(request);
                // A response this short comes in one piece.
                if (socket.getInputStream().read(buffer) <= 0) {
                    throw new IOException("closed by the server");
                }
            }
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
