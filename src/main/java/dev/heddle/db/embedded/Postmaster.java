package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// PostgreSQL's server process: starts one on a cluster, and stops it.
///
/// `pg_ctl` starts it, in a session of its own, so that a Ctrl-C in Heddle's terminal doesn't reach
/// it before Heddle has drained.
///
/// @param cluster what it serves
/// @param log what it logs into
record Postmaster(Cluster cluster, ServerLog log) {
    private static final long POLL_MILLIS = 5;
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

    /// How a start went.
    sealed interface Outcome {
        /// It accepts connections.
        record Ready(ProcessHandle process, Watchdog watchdog) implements Outcome {}

        /// It ended, or wasn't ready in time and was stopped.
        record Failed(String logged) implements Outcome {}
    }

    /// Starts it where none runs, which includes any recovery.
    Outcome start(Duration timeout) throws IOException, InterruptedException {
        // PostgreSQL takes any process that has the number of a dead server for that server. If
        // processes of that one still run, their shared memory keeps the new one off all the same.
        Files.deleteIfExists(PostmasterFile.path(cluster.directory()));
        log.prepare(cluster.account());
        var logged = log.size();
        var control = startControl(timeout);
        var process = await(control, _ -> true);
        if (process.isPresent()) {
            var watchdog = Watchdog.start(cluster, process.get().pid(), log);
            if (isReady(control, watchdog)) {
                return new Outcome.Ready(process.get(), watchdog);
            }
            watchdog.close();
            stop(KILL_TIMEOUT);
        }
        return new Outcome.Failed(log.tail(logged));
    }

    /// Stops the one that runs, if any: its sessions are cut and it writes all out; if that takes
    /// longer than the timeout it just ends, and the next start recovers.
    void stop(Duration timeout) throws IOException, InterruptedException {
        var running = find(_ -> true);
        if (running.isEmpty()) {
            return;
        }
        var process = running.get();
        if (!signal(process, "INT", timeout) && !signal(process, "QUIT", KILL_TIMEOUT)) {
            process.destroyForcibly();
            awaitEnd(process, KILL_TIMEOUT);
        }
    }

    private Process startControl(Duration timeout) throws IOException {
        return Command.of(
                        cluster.account(),
                        cluster.programs().path("pg_ctl"),
                        "start",
                        "--silent",
                        "--wait",
                        "--timeout=" + timeout.toSeconds(),
                        "--pgdata=" + cluster.directory(),
                        "--log=" + log.path())
                .start(log.path());
    }

    private boolean isReady(Process control, Watchdog watchdog)
            throws IOException, InterruptedException {
        try {
            return await(control, PostmasterFile::isReady).isPresent();
        } catch (InterruptedException e) {
            watchdog.release();
            throw e;
        }
    }

    /// Waits until the server says something of itself, or until `pg_ctl`, which looks less often
    /// but knows when the server has ended, gives it up.
    private Optional<ProcessHandle> await(Process control, Predicate<PostmasterFile> condition)
            throws IOException, InterruptedException {
        while (true) {
            var ended = control.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            var process = find(condition);
            if (process.isPresent() || ended) {
                return process;
            }
        }
    }

    private Optional<ProcessHandle> find(Predicate<PostmasterFile> condition) throws IOException {
        return PostmasterFile.read(cluster.directory())
                .filter(condition)
                .flatMap(file -> file.process(cluster.directory()));
    }

    private boolean signal(ProcessHandle process, String signal, Duration timeout)
            throws InterruptedException {
        var pid = Long.toString(process.pid());
        Command.of(cluster.account(), cluster.programs().path("pg_ctl"), "kill", signal, pid)
                .succeeds(COMMAND_TIMEOUT);
        return awaitEnd(process, timeout);
    }

    private static boolean awaitEnd(ProcessHandle process, Duration timeout)
            throws InterruptedException {
        var end = System.nanoTime() + timeout.toNanos();
        while (PostmasterFile.isRunning(process)) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }
}
