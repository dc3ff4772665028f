package dev.heddle.hostile;

import dev.heddle.users.v1.ListUsersRequest;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Somebody who reads from the store, in turns over HTTP/1.1 as JSON and over HTTP/2 as gRPC.
public final class HonestClient implements AutoCloseable {
    /// How many connections it has.
    public static final int CONNECTIONS = 2;

    private static final Duration BETWEEN_CALLS = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
    private final ManagedChannel channel;
    private final UserServiceGrpc.UserServiceBlockingStub users;
    private final String gateway;
    private final HttpRequest list;

    /// How its calls went.
    ///
    /// @param nanos how long each took
    /// @param failed how many failed
    /// @param failure what happened to the first of those
    public record Result(Histogram nanos, long failed, Optional<String> failure) {
        /// The same, with the failures of a time before.
        Result withFailuresOf(Result before) {
            return new Result(nanos, failed + before.failed, before.failure.or(() -> failure));
        }

        public double p50Millis() {
            return nanos.getValueAtPercentile(50) / 1e6;
        }

        public double p99Millis() {
            return nanos.getValueAtPercentile(99) / 1e6;
        }
    }

    public HonestClient(int port, String token) {
        gateway = "http://127.0.0.1:" + port;
        list =
                HttpRequest.newBuilder(URI.create(gateway + "/v1/users?page_size=10"))
                        .timeout(PATIENCE)
                        .header("authorization", "Bearer " + token)
                        .build();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        users =
                UserServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /// Calls, one after the other, until a time has passed.
    public Result run(Duration duration) throws InterruptedException {
        var nanos = new Histogram(3);
        var failed = 0L;
        var failure = Optional.<String>empty();
        var end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            for (var call : new Call[] {this::overHttp, this::overGrpc}) {
                var start = System.nanoTime();
                try {
                    call.make();
                } catch (IOException | RuntimeException e) {
                    failed++;
                    failure = failure.or(() -> Optional.of(e.toString()));
                }
                nanos.recordValue(System.nanoTime() - start);
                Attack.pause(BETWEEN_CALLS);
            }
        }
        return new Result(nanos, failed, failure);
    }

    /// What the gateway says of itself at `/metrics`.
    ///
    /// @param name of a number
    public double metric(String name) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(gateway + "/metrics")).timeout(PATIENCE);
        return http.send(request.build(), BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @FunctionalInterface
    private interface Call {
        void make() throws IOException, InterruptedException;
    }

    private void overHttp() throws IOException, InterruptedException {
        var response = http.send(list, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + " " + response.body());
        }
    }

    private void overGrpc() {
        var answer =
                users.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .listUsers(ListUsersRequest.newBuilder().setPageSize(10).build());
        if (answer.getUsersCount() > 10) {
            throw new IllegalStateException("a page that is longer than asked for");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        channel.shutdownNow();
    }
}
