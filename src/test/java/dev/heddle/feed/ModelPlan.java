package dev.heddle.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What a transaction of the model check does, at random.
///
/// @param steps its steps, in order
/// @param commits whether it is committed at last, or rolled back
record ModelPlan(List<Step> steps, boolean commits) {
    private static final int TOPICS = 36;
    private static final int MAX_EVENTS = 50;

    sealed interface Step {
        /// Publishes.
        record Write(String topic, int events) implements Step {
            /// Whether the topic's writers wait for each other.
            boolean isOrdered() {
                return !topic.startsWith("free");
            }
        }

        /// Goes on in a subtransaction.
        record Save() implements Step {}

        /// Rolls back to [Save].
        record Undo() implements Step {}

        record Wait(double seconds) implements Step {}
    }

    /// @param own a topic that nobody else writes to, for transactions that take long
    static ModelPlan random(RandomGenerator random, String own) {
        var commits = random.nextInt(10) != 0;
        return random.nextInt(300) == 0
                ? new ModelPlan(takingLong(random, own), commits)
                : new ModelPlan(usual(random), commits);
    }

    private static List<Step> usual(RandomGenerator random) {
        var events = random.nextBoolean() ? 1 + random.nextInt(3) : 1 + random.nextInt(MAX_EVENTS);
        // in one order, so that no two wait for each other in a circle
        var topics =
                Stream.generate(() -> topic(random))
                        .limit(1 + random.nextInt(Math.min(3, events)))
                        .distinct()
                        .sorted()
                        .toList();
        var steps = new ArrayList<Step>();
        for (var topic : topics) {
            steps.add(new Step.Write(topic, Math.max(1, events / topics.size())));
        }
        switch (random.nextInt(12)) {
            case 0 -> steps.add(random.nextInt(steps.size()), new Step.Save());
            case 1 -> {
                steps.add(random.nextInt(steps.size()), new Step.Save());
                steps.add(new Step.Undo());
                steps.add(new Step.Write("free.0", 1));
            }
            default -> {}
        }
        return steps;
    }

    private static String topic(RandomGenerator random) {
        return random.nextInt(6) == 0
                ? "free." + random.nextInt(4)
                : "t.%02d".formatted(random.nextInt(TOPICS));
    }

    private static List<Step> takingLong(RandomGenerator random, String own) {
        var write = new Step.Write(own, 1 + random.nextInt(MAX_EVENTS));
        var wait = new Step.Wait(0.5 + 2 * random.nextDouble());
        return switch (random.nextInt(3)) {
            case 0 -> List.of(write, wait);
            case 1 -> List.of(wait, write);
            default -> List.of(write, wait, new Step.Save(), new Step.Write("free.0", 2));
        };
    }
}
