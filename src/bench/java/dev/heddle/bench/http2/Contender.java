package dev.heddle.bench.http2;

import dev.heddle.bench.v1.BenchServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A server that is measured.
final class Contender implements AutoCloseable {
    private static final double NANOS_PER_MICRO = 1e3;

    /// For what should take a few seconds.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ServerKind kind;
    private final Path folder;
    private final H2load load;
    private ServerProcess process;

    /// Starts it.
    ///
    /// @param folder for its log
    Contender(ServerKind kind, Path folder, H2load load) throws IOException {
        this.kind = kind;
        this.folder = folder;
        this.load = load;
        Files.deleteIfExists(folder.resolve(kind + ".log"));
        this.process = new ServerProcess(kind, folder);
    }

    ServerKind kind() {
        return kind;
    }

    ServerProcess process() {
        return process;
    }

    /// Starts it anew, after a failure in which it may still be busy.
    void restart() throws IOException {
        process.close();
        process = new ServerProcess(kind, folder);
    }

    /// Makes one call with gRPC's own client, and looks at what comes back.
    void verify(Workload workload) throws FailedException {
        var channel =
                NettyChannelBuilder.forAddress("127.0.0.1", process.port()).usePlaintext().build();
        try {
            var stub =
                    BenchServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            var count = 0;
            for (var responses = workload.call().apply(stub); responses.hasNext(); count++) {
                if (!responses.next().equals(workload.response())) {
                    throw new FailedException("message %d is not as expected".formatted(count));
                }
            }
            if (count != workload.messages()) {
                throw new FailedException(
                        "%d messages (expected: %d)".formatted(count, workload.messages()));
            }
        } catch (StatusRuntimeException e) {
            throw new FailedException(e.getStatus().toString(), e);
        } finally {
            channel.shutdownNow();
        }
    }

    /// Keeps it busy for some time.
    ///
    /// @return how many calls it served a second in the end
    double warmUp(Workload workload, Shape shape, Duration duration)
            throws IOException, InterruptedException, FailedException {
        verify(workload);
        var end = System.nanoTime() + duration.toNanos();
        var calls = (long) shape.calls();
        while (true) {
            var perSecond = calls / load.run(process.port(), workload, shape, calls, PATIENCE);
            if (System.nanoTime() >= end) {
                return perSecond;
            }
            calls = Math.max(shape.calls(), Math.min(2 * calls, (long) perSecond));
        }
    }

    /// Makes calls and measures them.
    Sample measure(Workload workload, Shape shape, long calls)
            throws IOException, InterruptedException, FailedException {
        var before = process.usage();
        var seconds = load.run(process.port(), workload, shape, calls, PATIENCE);
        var used = process.usage().since(before);
        return new Sample(
                calls / seconds,
                used.cpuNanos() / NANOS_PER_MICRO / calls,
                (double) used.allocatedBytes() / calls);
    }

    @Override
    public void close() {
        process.close();
    }
}
