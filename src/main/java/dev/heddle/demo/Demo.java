package dev.heddle.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Fills a running gateway and keeps it busy.
public final class Demo {
    private static final long LINE_SECONDS = 2;

    private Demo() {}

    /// What to do.
    ///
    /// @param gateway where the gateway answers
    /// @param token a token that it accepts
    /// @param people how many people there are to be first; at least 1
    /// @param products how many products; at least 1
    /// @param rate errands a second, at least 1
    /// @param errands how many errands to run; 0 for no end
    /// @param sourcesPort the first port of the servers that `etc/demo.yaml` names; 0 for none
    /// @param seed of the random choices
    public record Plan(
            URI gateway,
            String token,
            int people,
            int products,
            int rate,
            long errands,
            int sourcesPort,
            long seed) {
        public Plan {
            requireAtLeastOne("--users", people);
            requireAtLeastOne("--products", products);
            requireAtLeastOne("--rate", rate);
        }

        private static void requireAtLeastOne(String option, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(
                        "%s: %d (expected: >= 1)".formatted(option, value));
            }
        }
    }

    /// Runs until the plan's errands are run or the thread is interrupted; says on each line how
    /// far it is.
    ///
    /// @throws IOException if the gateway can't be reached, or a port is taken
    public static void run(Plan plan, PrintWriter out) throws IOException, InterruptedException {
        if (plan.sourcesPort() == 0) {
            fillAndDrive(plan, out);
            return;
        }
        try (var _ = Neighbours.open(plan.sourcesPort(), new Random(plan.seed()))) {
            fillAndDrive(plan, out);
        }
    }

    private static void fillAndDrive(Plan plan, PrintWriter out)
            throws IOException, InterruptedException {
        var random = new Random(plan.seed());
        var mark = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + ".";
        try (var api = new Api(plan.gateway(), plan.token())) {
            var members = new Members(api, new People(random, mark), random);
            members.fill(plan.people(), count -> out.printf("%,d people%n", count));
            var shopping = new Shopping(api, members.ids(), random);
            shopping.fill(plan.products(), count -> out.printf("%,d products%n", count));
            var talk = new Talk(api, shopping.goods(), members.ids(), random);
            talk.begin();
            var errands = new ArrayList<Errand>();
            List.of(members.errands(), shopping.errands(), talk.errands()).forEach(errands::addAll);
            drive(plan, new Traffic(errands, random), out);
        }
    }

    private static void drive(Plan plan, Traffic traffic, PrintWriter out)
            throws InterruptedException {
        var gap = TimeUnit.SECONDS.toNanos(1) / plan.rate();
        var next = System.nanoTime();
        var nextLine = next;
        for (long errand = 0; plan.errands() == 0 || errand < plan.errands(); errand++) {
            traffic.step();
            next += gap;
            LockSupport.parkNanos(next - System.nanoTime());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - nextLine >= 0) {
                out.println(traffic.summary());
                nextLine += TimeUnit.SECONDS.toNanos(LINE_SECONDS);
            }
        }
        traffic.awaitIdle();
        out.println(traffic.summary());
    }
}
