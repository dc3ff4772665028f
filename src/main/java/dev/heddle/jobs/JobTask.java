package dev.heddle.jobs;

import com.github.kagkarlsson.scheduler.task.AbstractTask;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.util.function.Consumer;

/// A type of jobs, as db-scheduler has it.
///
/// It is told nothing of outcomes: it would write each in a transaction of its own, apart from the
/// job's. The trigger is gone, or released, when the body returns.
final class JobTask extends AbstractTask<Picked> {
    private final Body body;

    /// Runs a job.
    @FunctionalInterface
    interface Body {
        void run(Picked job) throws InterruptedException;
    }

    /// @param onLost is handed the trigger of a job whose gateway is gone
    JobTask(String type, Body body, Consumer<Execution> onLost) {
        super(
                type,
                Picked.class,
                (_, _) -> {
                    // the job is still taken: it is found as if its gateway were gone
                },
                (lost, _) -> onLost.accept(lost.getExecution()));
        this.body = body;
    }

    @Override
    public CompletionHandler<Picked> execute(
            TaskInstance<Picked> instance, ExecutionContext context) {
        try {
            body.run(instance.getData());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return (_, _) -> {};
    }

    @Override
    public SchedulableInstance<Picked> schedulableInstance(String id) {
        throw new UnsupportedOperationException("jobs are enqueued as rows");
    }

    @Override
    public SchedulableInstance<Picked> schedulableInstance(String id, Picked data) {
        throw new UnsupportedOperationException("jobs are enqueued as rows");
    }
}
