package dev.heddle.jobs;

import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import io.helidon.dbclient.DbExecute;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Writes down how attempts went and what they tell: all that comes while a transaction runs goes
/// into the next, because the commit of each alone would cost more than most jobs.
///
/// Whoever hands in an outcome waits until it is written. So there are no more of them than jobs
/// run, and a job has its place until it has truly ended.
final class Ledger implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Ledger.class.getName());
    private static final Duration REPORT_INTERVAL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final int BATCH = 500;

    private final Database database;
    private final JobEvents events;
    private final Supplier<List<Report>> reports;
    private final Runnable onDue;
    private final TriggerStore triggers = new TriggerStore();
    private final ReportStore reportStore = new ReportStore();
    private final JobStore jobs = new JobStore();
    private final KeyStore keys = new KeyStore();
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(BATCH);
    private final Thread thread;
    private volatile boolean isClosed;
    private volatile boolean hintsOthers;
    private long reportedNanos = System.nanoTime();

    /// @param rest what the attempt has told since its last report
    private record Entry(
            Outcome outcome, Optional<Report> rest, CompletableFuture<Boolean> written) {}

    /// @param reports takes what running attempts have told
    /// @param onDue is told that a job may be due that was not
    Ledger(Database database, JobEvents events, Supplier<List<Report>> reports, Runnable onDue) {
        this.database = database;
        this.events = events;
        this.reports = reports;
        this.onDue = onDue;
        this.thread = Thread.ofVirtual().name("heddle-jobs-ledger").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Writes an outcome.
    ///
    /// @return whether the runner had the job still; if not, nothing was written
    boolean write(Outcome outcome, Optional<Report> rest) throws InterruptedException {
        var entry = new Entry(outcome, rest, new CompletableFuture<>());
        queue.put(entry);
        return entry.written().join();
    }

    /// Tells other gateways soon that jobs are due.
    void hintOthers() {
        hintsOthers = true;
    }

    private void run() {
        while (!isClosed || !queue.isEmpty()) {
            try {
                turn();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void turn() throws InterruptedException {
        var entries = new ArrayList<Entry>();
        var first = queue.poll(REPORT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            entries.add(first);
            queue.drainTo(entries, BATCH - 1);
        }
        var told = isReportDue() ? reports.get() : List.<Report>of();
        if (!entries.isEmpty() || !told.isEmpty() || hintsOthers) {
            writeAtLast(entries, told);
        }
    }

    private boolean isReportDue() {
        var now = System.nanoTime();
        if (now - reportedNanos < REPORT_INTERVAL.toNanos()) {
            return false;
        }
        reportedNanos = now;
        return true;
    }

    private void writeAtLast(List<Entry> entries, List<Report> told) throws InterruptedException {
        var isOutage = false;
        for (var end = Long.MAX_VALUE; ; ) {
            try {
                write(entries, told);
                return;
            } catch (RpcException e) {
                if (!isOutage) {
                    isOutage = true;
                    LOGGER.log(Level.WARNING, "how jobs went can't be written for now", e);
                }
            } catch (RuntimeException e) {
                LOGGER.log(Level.ERROR, "how jobs went can't be written", e);
                writeEach(entries);
                return;
            }
            if (isClosed && end == Long.MAX_VALUE) {
                end = System.nanoTime() + STOP_TIMEOUT.dividedBy(2).toNanos();
            }
            if (System.nanoTime() > end) {
                giveUp(entries);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    /// Finds the one that can't be written, whose job is then taken for lost.
    private void writeEach(List<Entry> entries) {
        for (var entry : entries) {
            try {
                write(List.of(entry), List.of());
            } catch (RuntimeException e) {
                LOGGER.log(
                        Level.ERROR,
                        "how job %s went can't be written".formatted(entry.outcome().job().id()),
                        e);
                giveUp(List.of(entry));
            }
        }
    }

    private static void giveUp(List<Entry> entries) {
        entries.forEach(entry -> entry.written().complete(false));
    }

    private void write(List<Entry> entries, List<Report> told) {
        var isHint = hintsOthers;
        hintsOthers = false;
        var written = new HashSet<UUID>();
        var isDue =
                database.transaction(db -> {
                    written.clear();
                    triggers.preferIndexes(db);
                    writeReports(db, entries, told);
                    var ended = writeOutcomes(db, entries);
                    written.addAll(ended);
                    if (isHint) {
                        jobs.notify(db, Notice.DUE);
                    }
                    return releaseKeys(db, entries, ended);
                });
        entries.forEach(
                entry -> entry.written().complete(written.contains(entry.outcome().job().id())));
        if (isDue) {
            onDue.run();
        }
    }

    private void writeReports(DbExecute db, List<Entry> entries, List<Report> told) {
        // the rest of an attempt comes behind its report, which may have been taken before
        write(db, told);
        write(db, entries.stream().flatMap(entry -> entry.rest().stream()).toList());
    }

    private void write(DbExecute db, List<Report> some) {
        if (!some.isEmpty()) {
            reportStore.write(db, some).stream()
                    .filter(ReportStore.Written::isWatched)
                    .forEach(each -> events.reported(each.id(), each.message()));
        }
    }

    private Set<UUID> writeOutcomes(DbExecute db, List<Entry> entries) {
        if (entries.isEmpty()) {
            return Set.of();
        }
        var written = triggers.write(db, entries.stream().map(Entry::outcome).toList());
        written.stream()
                .filter(TriggerStore.Written::isWatched)
                .flatMap(each -> jobs.getWhole(db, each.id()).stream())
                .forEach(events::changed);
        written.stream()
                .filter(TriggerStore.Written::isUnwanted)
                .forEach(each -> triggers.hasten(db, each.id()));
        return written.stream().map(TriggerStore.Written::id).collect(Collectors.toSet());
    }

    /// Releases the keys of jobs in the order of the keys, so that two gateways don't wait for each
    /// other.
    private boolean releaseKeys(DbExecute db, List<Entry> entries, Set<UUID> ended) {
        var held = new TreeMap<String, UUID>();
        for (var entry : entries) {
            var job = entry.outcome().job();
            if (!job.key().isEmpty() && ended.contains(job.id())) {
                held.put(job.key(), job.id());
            }
        }
        var isDue = false;
        for (var each : held.entrySet()) {
            keys.release(db, each.getKey(), each.getValue());
            isDue |= keys.wakeNext(db, each.getKey());
        }
        return isDue;
    }

    /// Writes what was handed in, for as long as there is a database.
    @Override
    public void close() {
        isClosed = true;
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                LOGGER.log(Level.WARNING, "how jobs went is still being written");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
