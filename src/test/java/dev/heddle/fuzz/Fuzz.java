package dev.heddle.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Runs a parser on inputs at random. Each must be taken, or be refused by an exception that is
/// documented, in time and memory that befit its length.
///
/// `-Dheddle.fuzz.inputs=1000000` makes a run longer. What fails tells the seed of its input, with
/// which `-Dheddle.fuzz.seed=… -Dheddle.fuzz.inputs=1` makes the same again.
public final class Fuzz {
    private static final int USUAL_INPUTS = 50_000;

    static final int INPUTS = Integer.getInteger("heddle.fuzz.inputs", USUAL_INPUTS);

    /// Mostly the same, so that a change is held against what was known to pass; a longer run takes
    /// inputs of its own.
    static final long SEED =
            Long.getLong(
                    "heddle.fuzz.seed",
                    INPUTS > USUAL_INPUTS ? ThreadLocalRandom.current().nextLong() : 1);

    /// How long one input may take on a machine that does other things too.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// What one input may take of the processor: a multiple of what any should need, and far less
    /// than what it would if it grew with the square of the length.
    private static final long MAX_CPU_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long MAX_ALLOCATED = 64 << 20;
    private static final int MAX_ALLOCATED_PER_BYTE = 500;
    private static final int SHOWN = 600;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String name;
    private final List<byte[]> samples;
    private final List<byte[]> words;
    private final Set<Class<? extends Exception>> refusals;

    /// What is tried. It throws what it refuses an input with.
    @FunctionalInterface
    public interface Target {
        void accept(Input input) throws Exception;
    }

    /// An input.
    public static final class Input {
        private final byte[] bytes;
        private final Random random;

        Input(byte[] bytes, Random random) {
            this.bytes = bytes;
            this.random = random;
        }

        public byte[] bytes() {
            return bytes;
        }

        /// What the target may decide by, the same for the same input.
        public Random random() {
            return random;
        }

        public String text() {
            return text(StandardCharsets.UTF_8);
        }

        /// The bytes as characters, where those that are none are replaced.
        public String text(Charset charset) {
            return new String(bytes, charset);
        }
    }

    private static final class Current {
        private final long seed;
        private final byte[] input;
        private final long since = System.nanoTime();

        Current(long seed, byte[] input) {
            this.seed = seed;
            this.input = input;
        }
    }

    private Fuzz(
            String name,
            List<byte[]> samples,
            List<byte[]> words,
            Set<Class<? extends Exception>> refusals) {
        this.name = name;
        this.samples = samples;
        this.words = words;
        this.refusals = refusals;
    }

    /// Fuzzing that begins with some inputs that are taken.
    public static Fuzz of(String name, byte[]... samples) {
        return new Fuzz(name, List.of(samples), List.of(), Set.of());
    }

    public static Fuzz of(String name, String... samples) {
        return of(name, Stream.of(samples).map(Fuzz::bytes).toArray(byte[][]::new));
    }

    /// What the format is made of.
    public Fuzz words(String... all) {
        return new Fuzz(name, samples, Stream.of(all).map(Fuzz::bytes).toList(), refusals);
    }

    /// Exceptions that refuse an input, beside an [RpcException] that blames the caller.
    public Fuzz refusedBy(List<Class<? extends Exception>> exceptions) {
        return new Fuzz(name, samples, words, Set.copyOf(exceptions));
    }

    /// Tries all inputs.
    public void run(Target target) {
        var current = new AtomicReference<>(new Current(SEED, new byte[0]));
        var failure = new AtomicReference<Throwable>();
        var runner =
                Thread.ofPlatform()
                        .daemon()
                        .name("fuzz-" + name)
                        .unstarted(() -> {
                            try {
                                runAll(target, current);
                            } catch (Throwable e) {
                                failure.set(e);
                            }
                        });
        runner.start();
        watch(runner, current);
        if (failure.get() != null) {
            throw new AssertionError(failure.get().getMessage(), failure.get());
        }
    }

    private void runAll(Target target, AtomicReference<Current> current) {
        var taken = 0;
        for (var i = 0; i < INPUTS; i++) {
            var seed = SEED + i;
            var random = new Random(seed * 0x9E3779B97F4A7C15L);
            var input =
                    i < samples.size() && INPUTS > 1
                            ? samples.get(i)
                            : new Mutator(random, samples, words).next();
            current.set(new Current(seed, input));
            taken += run(target, new Input(input, random), seed) ? 1 : 0;
        }
        System.out.printf("fuzz %s: %d inputs from seed %d, %d taken%n", name, INPUTS, SEED, taken);
        if (INPUTS > 1000) {
            assertThat(taken).as("inputs of %s that were taken", name).isBetween(1, INPUTS - 1);
        }
    }

    private boolean run(Target target, Input input, long seed) {
        var cpu = THREADS.getCurrentThreadCpuTime();
        var allocated = THREADS.getCurrentThreadAllocatedBytes();
        var isTaken = false;
        try {
            target.accept(input);
            isTaken = true;
        } catch (Throwable e) {
            if (!isRefusal(e)) {
                throw new AssertionError(describe(e.toString(), seed, input.bytes), e);
            }
        }
        check("CPU time", THREADS.getCurrentThreadCpuTime() - cpu, MAX_CPU_NANOS, seed, input);
        check(
                "bytes of memory",
                THREADS.getCurrentThreadAllocatedBytes() - allocated,
                MAX_ALLOCATED + (long) MAX_ALLOCATED_PER_BYTE * input.bytes.length,
                seed,
                input);
        return isTaken;
    }

    private void check(String what, long used, long max, long seed, Input input) {
        if (used > max) {
            throw new AssertionError(
                    describe(
                            "%,d of %s (expected: <= %,d)".formatted(used, what, max),
                            seed,
                            input.bytes));
        }
    }

    private boolean isRefusal(Throwable e) {
        return e instanceof RpcException failure
                ? blamesCaller(failure)
                : refusals.stream().anyMatch(type -> type.isInstance(e));
    }

    private static boolean blamesCaller(RpcException failure) {
        return isBlame(failure.code())
                && !failure.message().contains("Exception")
                && !failure.message().contains("dev.heddle");
    }

    /// Whether a failure with a code is the caller's doing.
    public static boolean isBlame(Code code) {
        return switch (code) {
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    RESOURCE_EXHAUSTED,
                    UNIMPLEMENTED ->
                    true;
            default -> false;
        };
    }

    private void watch(Thread runner, AtomicReference<Current> current) {
        try {
            while (!runner.join(Duration.ofMillis(100))) {
                var now = current.get();
                if (System.nanoTime() - now.since > PATIENCE.toNanos()) {
                    var stack = Arrays.toString(runner.getStackTrace()).replace(", ", "\n  ");
                    throw new AssertionError(
                            describe("no end within " + PATIENCE, now.seed, now.input)
                                    + "\n  "
                                    + stack);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private String describe(String what, long seed, byte[] input) {
        var text = new String(input, StandardCharsets.ISO_8859_1);
        return "%s: %s by the input of -Dheddle.fuzz.seed=%d -Dheddle.fuzz.inputs=1, %d bytes: %s"
                .formatted(
                        name,
                        what,
                        seed,
                        input.length,
                        (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text)
                                .replace("\r", "\\r")
                                .replace("\n", "\\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
