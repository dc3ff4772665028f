package dev.heddle.jobs;

import com.google.protobuf.Struct;
import dev.heddle.db.Times;
import dev.heddle.feed.Payloads;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An attempt while it is made here.
final class JobRun implements JobContext {
    private static final int LONGEST_LINE = 1000;

    private final Picked job;
    private final Task task;
    private final int maxLines;
    private final Clock clock;
    private final Object lock = new Object();
    private List<Report.Line> lines = new ArrayList<>();
    private int lineCount;
    private double progress;

    private boolean isToBeReported;

    private volatile @Nullable Ending ending;

    /// Why an attempt is cut off, other than by its time-out.
    enum Ending {
        /// Somebody wants the job cancelled.
        CANCELLED(Code.CANCELLED, "the job was cancelled"),
        /// The job has gone to another gateway, which thought this one dead.
        LOST(Code.ABORTED, "the job has gone to another gateway"),
        /// The gateway stops.
        STOPPING(Code.UNAVAILABLE, "the gateway is stopping");

        private final Code code;
        private final String message;

        Ending(Code code, String message) {
            this.code = code;
            this.message = message;
        }

        RpcException reason() {
            return new RpcException(code, message);
        }
    }

    JobRun(Picked job, int maxLines, Clock clock) {
        this.job = job;
        this.task = Task.detached(job.timeout());
        this.lineCount = job.lines();
        this.maxLines = maxLines;
        this.clock = clock;
    }

    Picked job() {
        return job;
    }

    /// Makes the attempt on the current thread. It is reported from here on, so that who watches
    /// learns that the job runs; and not before, while its row may be needed to park it.
    Struct make(JobHandler handler) throws Exception {
        synchronized (lock) {
            isToBeReported = true;
        }
        var payload = Payloads.read(job.payload(), Struct.newBuilder()).build();
        return task.run(() -> handler.run(payload, this));
    }

    /// Cuts the attempt off.
    void end(Ending why) {
        synchronized (lock) {
            if (ending == null) {
                ending = why;
            }
        }
        task.cancel(why.reason());
    }

    Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /// Why it was cut off, by somebody or by its time-out.
    Optional<RpcException> cancellation() {
        return task.cancellation();
    }

    /// What has been told since the last call; empty for nothing.
    Optional<Report> takeReport() {
        synchronized (lock) {
            if (!isToBeReported) {
                return Optional.empty();
            }
            isToBeReported = false;
            var report = new Report(job, progress, lines);
            lines = new ArrayList<>();
            return Optional.of(report);
        }
    }

    /// The lines that were not reported yet, for the attempt's end.
    Optional<Report> takeRest() {
        synchronized (lock) {
            return lines.isEmpty() ? Optional.empty() : takeReport();
        }
    }

    @Override
    public String id() {
        return job.id().toString();
    }

    @Override
    public String creator() {
        return job.creator();
    }

    @Override
    public int attempt() {
        return job.attempt();
    }

    @Override
    public boolean isLastAttempt() {
        return job.isLastAttempt();
    }

    @Override
    public long fencingToken() {
        return job.fence();
    }

    @Override
    public Duration remaining() {
        return task.remaining().orElseThrow();
    }

    @Override
    public void progress(double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException(
                    "progress %s (expected: 0 to 1)".formatted(fraction));
        }
        synchronized (lock) {
            progress = fraction;
            isToBeReported = true;
        }
    }

    @Override
    public void log(String text) {
        var line = text.replace('\0', '\uFFFD');
        synchronized (lock) {
            if (lineCount < maxLines) {
                lineCount++;
                lines.add(
                        new Report.Line(
                                Times.now(clock),
                                line.substring(0, Math.min(LONGEST_LINE, line.length()))));
                isToBeReported = true;
            }
        }
    }

    @Override
    public boolean isCancelled() {
        return task.isCancelled();
    }

    @Override
    public void check() {
        task.check();
    }
}
