package dev.heddle.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Fills a running gateway and keeps it busy.
public final class Demo {
    private static final int BATCH = 500;

    private Demo() {}

    /// What to do.
    ///
    /// @param gateway where the gateway answers
    /// @param token a token that it accepts
    /// @param people how many people to create first; at least 1
    /// @param rate calls a second, at least 1
    /// @param calls how many calls to make; 0 for no end
    /// @param seed of the random choices
    public record Plan(URI gateway, String token, int people, int rate, long calls, long seed) {
        public Plan {
            requireAtLeastOne("--users", people);
            requireAtLeastOne("--rate", rate);
        }

        private static void requireAtLeastOne(String option, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(
                        "%s: %d (expected: >= 1)".formatted(option, value));
            }
        }
    }

    /// Runs until the plan's calls are made or the thread is interrupted; says on each line how far
    /// it is.
    ///
    /// @throws IOException if the gateway can't be reached
    public static void run(Plan plan, PrintWriter out) throws IOException, InterruptedException {
        var random = new Random(plan.seed());
        var mark = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + ".";
        try (var api = new Api(plan.gateway(), plan.token())) {
            var traffic = new Traffic(api, new People(random, mark), random);
            for (int made = 0; made < plan.people(); made = Math.min(made + BATCH, plan.people())) {
                traffic.fill(Math.min(BATCH, plan.people() - made));
                out.printf("created %,d of %,d people%n", traffic.people(), plan.people());
            }
            drive(plan, traffic, out);
        }
    }

    private static void drive(Plan plan, Traffic traffic, PrintWriter out)
            throws InterruptedException {
        var gap = TimeUnit.SECONDS.toNanos(1) / plan.rate();
        var next = System.nanoTime();
        var nextLine = next;
        for (long call = 0; plan.calls() == 0 || call < plan.calls(); call++) {
            traffic.step();
            next += gap;
            LockSupport.parkNanos(next - System.nanoTime());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - nextLine >= 0) {
                out.println(traffic.summary());
                nextLine += TimeUnit.SECONDS.toNanos(2);
            }
        }
        traffic.awaitIdle();
        out.println(traffic.summary());
    }
}
