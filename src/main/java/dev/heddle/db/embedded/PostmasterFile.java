package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What PostgreSQL's server process says about itself in `postmaster.pid`, which it deletes when it
/// ends well and leaves behind when it is killed.
///
/// @param pid its process
/// @param started when it started, to the second
/// @param isReady whether it accepts connections
record PostmasterFile(long pid, Instant started, boolean isReady) {
    private static final int PID = 0;
    private static final int STARTED = 2;
    private static final int STATUS = 7;
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(3);

    static Optional<PostmasterFile> read(Path cluster) throws IOException {
        return Directories.read(path(cluster)).flatMap(text -> parse(text.lines().toList()));
    }

    static Path path(Path cluster) {
        return cluster.resolve("postmaster.pid");
    }

    /// The process that wrote the file, if it still runs: not one that was given the number of a
    /// dead one. Its arguments tell; where the system doesn't show them, its start time does.
    Optional<ProcessHandle> process(Path cluster) {
        return ProcessHandle.of(pid)
                .filter(process -> isRunning(process) && wroteThis(process.info(), cluster));
    }

    /// Whether a process runs. One that has ended and that nobody asked after, as happens where
    /// Heddle is process 1 of a container, does not.
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        var file = Path.of("/proc", Long.toString(process.pid()), "stat");
        try {
            var state = Files.readString(file);
            return state.charAt(state.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return process.isAlive(); // there is no such file elsewhere, or it has just ended
        }
    }

    // It is read while it is being written: incomplete means not there yet.
    private static Optional<PostmasterFile> parse(List<String> lines) {
        if (lines.size() <= STARTED) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new PostmasterFile(
                            Long.parseLong(lines.get(PID).strip()),
                            Instant.ofEpochSecond(Long.parseLong(lines.get(STARTED).strip())),
                            lines.size() > STATUS && lines.get(STATUS).strip().equals("ready")));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean wroteThis(ProcessHandle.Info process, Path cluster) {
        return process.arguments()
                .map(arguments -> List.of(arguments).contains(cluster.toString()))
                .or(() ->
                        process.startInstant()
                                .map(start -> Duration.between(started, start).abs())
                                .map(difference -> difference.compareTo(CLOCK_TOLERANCE) < 0))
                .orElse(true);
    }
}
