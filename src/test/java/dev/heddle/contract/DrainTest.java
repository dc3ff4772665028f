package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.heddle.TestGateway;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.events.v1.Event;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.PublishRequest;
import dev.heddle.events.v1.SubscribeRequest;
import dev.heddle.events.v1.SubscribeResponse;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A gateway that stops while streams are live says goodbye over every framing, and the streams go
/// on at the next.
@Timeout(120)
final class DrainTest {
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();
    private static final SubscribeRequest REQUEST =
            SubscribeRequest.newBuilder().setTopic("drain").build();

    @Test
    void streamsSayGoodbyeAndGoOnElsewhere() throws Exception {
        var goodbyes = new EnumMap<LiveFraming, String>(LiveFraming.class);
        try (var gateway = TestGateway.open(POSTGRES).start()) {
            var streams = subscribeByEach(gateway, Map.of());
            var unary = slowEcho(gateway);

            var closing = CompletableFuture.runAsync(gateway::close);
            for (var stream : streams.entrySet()) {
                var bye = stream.getValue().next();
                assertThat(bye.hasBye()).as("%s: %s", stream.getKey(), bye).isTrue();
                assertThat(Durations.toMillis(bye.getBye().getRetryAfter())).isBetween(500L, 3000L);
                goodbyes.put(stream.getKey(), bye.getToken());
                assertIsStopping(stream.getValue().failure());
            }
            assertThat(unary.get(20, TimeUnit.SECONDS).getMessage()).isEqualTo("slow");
            closing.get(30, TimeUnit.SECONDS);
            streams.values().forEach(Live::close);
        }
        try (var gateway = TestGateway.open(POSTGRES).start()) {
            publish(gateway);
            for (var stream : subscribeByEach(gateway, goodbyes).values()) {
                assertThat(stream.next().getEvent().getType()).isEqualTo("after");
                stream.close();
            }
        }
    }

    private static Map<LiveFraming, Live<SubscribeResponse>> subscribeByEach(
            TestGateway gateway, Map<LiveFraming, String> tokens) throws InterruptedException {
        var streams = new EnumMap<LiveFraming, Live<SubscribeResponse>>(LiveFraming.class);
        for (var framing : LiveFraming.values()) {
            var request = REQUEST.toBuilder().setFrom(tokens.getOrDefault(framing, "")).build();
            var stream =
                    new Live<>(
                            framing.client(uri(gateway)),
                            EventServiceGrpc.getSubscribeMethod(),
                            request,
                            options(gateway));
            assertThat(stream.next().hasBookmark()).as("%s", framing).isTrue();
            streams.put(framing, stream);
        }
        return streams;
    }

    private static void assertIsStopping(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
                            assertThat(e.reason()).contains(RpcException.STOPPING);
                            assertThat(e.detail(RetryInfo.class)).isPresent();
                        });
    }

    /// A call that has begun before the gateway stops, and ends while it does.
    private static CompletableFuture<EchoResponse> slowEcho(TestGateway gateway)
            throws InterruptedException {
        var request =
                EchoRequest.newBuilder()
                        .setMessage("slow")
                        .setInterval(Durations.fromSeconds(1))
                        .build();
        var active = gateway.activeCalls();
        var answer =
                CompletableFuture.supplyAsync(() -> {
                    var responses = new ArrayList<EchoResponse>();
                    try (var client = LiveFraming.GRPC.client(uri(gateway))) {
                        client.call(
                                DiagnosticsServiceGrpc.getEchoMethod(),
                                List.of(request),
                                options(gateway),
                                responses::add);
                    }
                    return responses.getFirst();
                });
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (gateway.activeCalls() == active && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return answer;
    }

    private static void publish(TestGateway gateway) {
        try (var client = LiveFraming.GRPC.client(uri(gateway))) {
            client.call(
                    EventServiceGrpc.getPublishMethod(),
                    List.of(
                            PublishRequest.newBuilder()
                                    .setEvent(Event.newBuilder().setTopic("drain").setType("after"))
                                    .build()),
                    options(gateway),
                    _ -> {});
        }
    }

    private static URI uri(TestGateway gateway) {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    private static Options options(TestGateway gateway) {
        return new Options(Optional.of(gateway.token()), Optional.of(Duration.ofSeconds(60)));
    }
}
