package dev.heddle.testing;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.facade.http.HttpFacade;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.Shared;
import io.helidon.webserver.WebServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;

/// How much heap a stream of server-sent events takes that has carried a few events and is idle
/// now: with its connection, its call, its threads and all.
public final class IdleStreams implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int EVENTS = 5;
    private static final int ROUND = 1000;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Pipeline pipeline;
    private final WebServer server;

    private IdleStreams(int max) {
        pipeline =
                new Pipeline(
                        _ -> new Caller("test", Set.of("*")),
                        new Pipeline.Settings(LONG, max),
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop());
        var rpcs =
                Rpcs.builder()
                        .add(all ->
                                all.serverStreaming(
                                        DiagnosticsServiceGrpc.getEchoStreamMethod(), this::stream))
                        .build();
        var facade =
                new HttpFacade(
                        RouteTable.of(rpcs),
                        pipeline,
                        Json.of(rpcs),
                        dev.heddle.facade.http.Settings.DEFAULTS);
        var config = WebServer.builder().shutdownHook(false);
        new HelidonCarrier(settings(max), Http2Settings.DEFAULT, TlsSettings.NONE, facade)
                .attach(config);
        server = config.build().start();
    }

    /// What a number of streams took.
    ///
    /// @param bytesEach of heap, on average
    /// @param histogram the classes that took most of it all
    public record Result(long bytesEach, String histogram) {}

    /// Opens as many streams and counts.
    ///
    /// @param rounds how often a thousand others are opened before, so that code is compiled and
    ///   what is made once is there
    public static Result measure(int count, int rounds) {
        try (var streams = new IdleStreams(2 * Math.max(ROUND, count))) {
            for (var i = 0; i < rounds; i++) {
                streams.open(ROUND).close();
                streams.awaitCalls(0);
            }
            var before = usedHeap();
            try (var _ = streams.open(count)) {
                streams.awaitCalls(count);
                var each = (usedHeap() - before) / count;
                return new Result(each, histogram());
            }
        }
    }

    public static void main(String[] arguments) {
        var count = Integer.parseInt(arguments[0]);
        var result = measure(count, 25);
        System.out.printf(
                Locale.ROOT,
                "%d idle streams: %d bytes of heap each%n%s%n",
                count,
                result.bytesEach(),
                result.histogram());
        System.exit(0);
    }

    private IdleClients open(int count) {
        return IdleClients.open(
                server.port(), count, "/v1/echo:stream?message=x", "\"index\":\"" + EVENTS + "\"");
    }

    private void awaitCalls(int count) {
        var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (pipeline.activeCalls() != count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "%d calls (expected: %d)".formatted(pipeline.activeCalls(), count));
            }
            Thread.onSpinWait();
        }
    }

    private void stream(EchoRequest request, Outbound<EchoResponse> out, Call call)
            throws InterruptedException {
        out.sendAll(events(request));
        over.await();
    }

    private static List<Shared<EchoResponse>> events(EchoRequest request) {
        return IntStream.rangeClosed(1, EVENTS)
                .mapToObj(i ->
                        Shared.of(
                                EchoResponse.newBuilder()
                                        .setMessage(request.getMessage())
                                        .setIndex(i)
                                        .build()))
                .toList();
    }

    private static long usedHeap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static String histogram() {
        try {
            var histogram =
                    (String)
                            ManagementFactory.getPlatformMBeanServer()
                                    .invoke(
                                            new ObjectName(
                                                    "com.sun.management:type=DiagnosticCommand"),
                                            "gcClassHistogram",
                                            new Object[] {new String[0]},
                                            new String[] {String[].class.getName()});
            return histogram.lines().limit(40).collect(Collectors.joining("\n"));
        } catch (JMException e) {
            throw new IllegalStateException("this JVM has no histogram", e);
        }
    }

    private static Settings settings(int max) {
        return new Settings(
                "127.0.0.1", 0, max, 8 * 1024, 16 * 1024, 16 * 1024 * 1024, LONG, LONG, LONG, LONG);
    }

    @Override
    public void close() {
        over.countDown();
        server.stop();
    }
}
