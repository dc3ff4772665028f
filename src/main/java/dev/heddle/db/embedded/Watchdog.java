package dev.heddle.db.embedded;

import java.io.IOException;
import java.util.Optional;

/// Stops PostgreSQL when Heddle is killed and can't: a shell that waits for the end of a pipe that
/// only Heddle holds open. Where there is no shell, the next start finds the PostgreSQL that was
/// left behind and stops it.
final class Watchdog implements AutoCloseable {
    // It stops the very process that is meant: a number may be given again. Ctrl-C in the terminal
    // reaches the shell too, and must not end it while Heddle is still draining.
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            read -r _
            read -r pid < "$1" && [ "$pid" = "$2" ] && kill -INT "$pid"
            """;

    private final Optional<Process> shell;

    private Watchdog(Optional<Process> shell) {
        this.shell = shell;
    }

    static Watchdog start(Cluster cluster, long pid, ServerLog log) throws IOException {
        if (!Account.isUnix()) {
            return new Watchdog(Optional.empty());
        }
        var file = PostmasterFile.path(cluster.directory()).toString();
        var command =
                Command.of(
                        cluster.account(),
                        "sh",
                        "-c",
                        SCRIPT,
                        "heddle-watchdog",
                        file,
                        Long.toString(pid));
        return new Watchdog(Optional.of(command.start(log.path())));
    }

    /// Lets it do now what it does when Heddle is killed.
    void release() throws IOException {
        if (shell.isPresent()) {
            shell.get().getOutputStream().close();
        }
    }

    /// Ends it, and leaves PostgreSQL alone.
    @Override
    public void close() {
        shell.ifPresent(Process::destroyForcibly);
    }
}
