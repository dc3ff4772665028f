package dev.heddle.feed;

import dev.heddle.feed.ModelPlan.Step;
import java.util.function.ObjIntConsumer;
import java.util.random.RandomGenerator;

/// Runs random transactions, one after the other, until it has committed its share of events.
final class ModelPublisher {
    private final String name;
    private final RandomGenerator random;
    private final Transactions transactions;
    private final ObjIntConsumer<String> onCommit;
    private int transaction;

    /// The events of a transaction that were written so far.
    private int index;

    private int saved;

    /// A way to publish.
    interface Transactions {
        /// Runs a body in a transaction.
        void run(Body body, boolean commits) throws Exception;
    }

    interface Body {
        void run(Open open) throws Exception;
    }

    /// An open transaction.
    interface Open {
        /// Locks the counter of a topic and adds to it.
        ///
        /// @return what it was before
        long count(String topic, int events) throws Exception;

        void publish(NewEvent event) throws Exception;

        void save() throws Exception;

        /// Undoes what came behind the savepoint, if it can.
        ///
        /// @return whether it did
        boolean undo() throws Exception;

        /// Has the database wait, in a transaction with an id.
        void sleep(double seconds) throws Exception;
    }

    /// @param name unlike that of all others
    ModelPublisher(
            String name,
            RandomGenerator random,
            Transactions transactions,
            ObjIntConsumer<String> onCommit) {
        this.name = name;
        this.random = random;
        this.transactions = transactions;
        this.onCommit = onCommit;
    }

    /// Publishes so many events, or a few more.
    void publish(int events) throws Exception {
        var committed = 0;
        while (committed < events) {
            var plan = ModelPlan.random(random, "own." + name);
            transaction++;
            index = 0;
            transactions.run(open -> run(plan, open), plan.commits());
            if (plan.commits()) {
                onCommit.accept(name + ":" + transaction, index);
                committed += index;
            }
        }
    }

    private void run(ModelPlan plan, Open open) throws Exception {
        for (var step : plan.steps()) {
            switch (step) {
                case Step.Write write -> write(write, open);
                case Step.Save _ -> {
                    saved = index;
                    open.save();
                }
                case Step.Undo _ -> {
                    if (open.undo()) {
                        index = saved;
                    }
                }
                case Step.Wait(var seconds) -> open.sleep(seconds);
            }
        }
    }

    private void write(Step.Write write, Open open) throws Exception {
        var ordered = write.isOrdered();
        var before = ordered ? open.count(write.topic(), write.events()) : 0;
        for (var i = 1; i <= write.events(); i++) {
            var key = "%s:%d:%d:%d".formatted(name, transaction, index++, ordered ? before + i : 0);
            var padding = "x".repeat(random.nextInt(50) == 0 ? 3000 : random.nextInt(40));
            open.publish(
                    new NewEvent(
                            write.topic(), "model.happened", key, "{\"p\":\"" + padding + "\"}"));
        }
    }
}
