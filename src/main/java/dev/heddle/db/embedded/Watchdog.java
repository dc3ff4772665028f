package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.file.Path;

/// Stops PostgreSQL when Heddle is killed and can't: a shell that waits for the end of a pipe that
/// only Heddle holds open. Where there is no shell, the next start finds the PostgreSQL that was
/// left behind and stops it.
final class Watchdog implements AutoCloseable {
    // Only the process that is meant: a number may be given again. Ctrl-C in the terminal reaches
    // the shell too, and must not end it while Heddle is still draining.
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            read -r _
            read -r pid < "$1" && [ "$pid" = "$2" ] && kill -INT "$pid"
            """;

    private final Process shell;

    private Watchdog(Process shell) {
        this.shell = shell;
    }

    static Watchdog start(Cluster cluster, long pid, Path log) throws IOException {
        return new Watchdog(
                Command.of(
                                cluster.account(),
                                "sh",
                                "-c",
                                SCRIPT,
                                "heddle-watchdog",
                                PostmasterFile.path(cluster.directory()).toString(),
                                Long.toString(pid))
                        .start(log));
    }

    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
