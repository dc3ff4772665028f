package dev.heddle.db.embedded;

import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Another process that runs an embedded PostgreSQL, to be killed.
final class EmbeddedPostgresProcess implements AutoCloseable {
    private final Process process;
    private final long serverPid;

    private EmbeddedPostgresProcess(Process process, long serverPid) {
        this.process = process;
        this.serverPid = serverPid;
    }

    /// Starts it and waits until the server accepts connections and has committed a row.
    static EmbeddedPostgresProcess start(Path directory) throws IOException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                EmbeddedPostgresProcess.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var line = process.inputReader().readLine();
        if (line == null) {
            throw new AssertionError("the process ended before its server was ready");
        }
        return new EmbeddedPostgresProcess(process, Long.parseLong(line));
    }

    long pid() {
        return process.pid();
    }

    long serverPid() {
        return serverPid;
    }

    /// What the process started and is still the parent of, which is the watchdog.
    ProcessHandle watchdog() {
        return process.children().findFirst().orElseThrow();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the process can't be killed");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws Exception {
        var settings = TestPostgres.settings();
        try (var server = EmbeddedPostgres.start(Path.of(arguments[0]), settings);
                var connection = TestPostgres.database(server).connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS kept");
            statement.execute("CREATE TABLE kept AS SELECT 'a row' AS value");
            System.out.println(server.pid());
            System.in.read();
        }
    }
}
