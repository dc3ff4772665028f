package dev.heddle.db.embedded;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = SECONDS)
class EmbeddedPostgresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // Most tests leave a directory as good as they found it, and creating one takes a second.
    private static Path shared;

    private Path directory;

    @BeforeAll
    static void createDirectory() throws Exception {
        shared = TestPostgres.newDirectory();
    }

    @BeforeEach
    void useSharedDirectory() {
        directory = shared;
    }

    @AfterEach
    void deleteOwnDirectory() throws Exception {
        if (!directory.equals(shared)) {
            Directories.delete(directory);
        }
    }

    @AfterAll
    static void deleteDirectory() throws Exception {
        Directories.delete(shared);
    }

    @Test
    void commitsAreThereAtTheNextStart() throws Exception {
        try (var server = start()) {
            createRow(server);
        }
        try (var server = start()) {
            assertThat(row(server)).isEqualTo("a row");
        }
    }

    @Test
    void commitsWaitForTheDisk() throws Exception {
        try (var server = start()) {
            assertThat(query(server, "SHOW fsync")).isEqualTo("on");
            assertThat(query(server, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "SHOW data_checksums")).isEqualTo("on");
        }
    }

    @Test
    void closeEndsTheServer() throws Exception {
        var server = start();
        var process = ProcessHandle.of(server.pid()).orElseThrow();
        server.close();
        assertThat(PostmasterFile.isRunning(process)).isFalse();
    }

    @Test
    void closeCutsConnectionsThatAreOpen() throws Exception {
        var server = start();
        try (var connection = TestPostgres.database(server).connect()) {
            server.close();
            assertThat(connection.isValid(1)).isFalse();
        }
    }

    @Test
    void wrongPasswordIsRefused() throws Exception {
        try (var server = start()) {
            assertThatThrownBy(() ->
                            DriverManager.getConnection(
                                    server.jdbcUrl(), server.username(), "wrong"))
                    .isInstanceOf(SQLException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("28P01");
        }
        var file = directory.resolve("cluster", "heddle.password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void serverThatIsKilledComesBackOnItsPort() throws Exception {
        try (var server = start()) {
            createRow(server);
            var pid = server.pid();
            kill(pid);
            eventually(() -> server.pid() != pid);
            assertThat(row(server)).isEqualTo("a row");
        }
    }

    @Test
    void serverEndsWithAHeddleThatIsKilled() throws Exception {
        try (var other = EmbeddedPostgresProcess.start(directory)) {
            var server = ProcessHandle.of(other.serverPid()).orElseThrow();
            other.kill();
            eventually(() -> !PostmasterFile.isRunning(server));
        }
        try (var server = start()) {
            assertThat(row(server)).isEqualTo("a row");
        }
    }

    @Test
    void abandonedServerIsStoppedByTheNextStart() throws Exception {
        try (var other = EmbeddedPostgresProcess.start(directory)) {
            var abandoned = ProcessHandle.of(other.serverPid()).orElseThrow();
            other.watchdog().destroyForcibly();
            other.kill();
            assertThat(PostmasterFile.isRunning(abandoned)).isTrue();
            try (var server = start()) {
                assertThat(PostmasterFile.isRunning(abandoned)).isFalse();
                assertThat(row(server)).isEqualTo("a row");
            }
        }
    }

    @Test
    void everythingThatIsKilledAtOnceRecovers() throws Exception {
        try (var other = EmbeddedPostgresProcess.start(directory)) {
            other.watchdog().destroyForcibly();
            other.kill();
            kill(other.serverPid());
        }
        try (var server = start()) {
            assertThat(row(server)).isEqualTo("a row");
        }
    }

    @Test
    void numberOfADeadServerMayBelongToAStranger() throws Exception {
        start().close();
        var stranger = ProcessHandle.current().pid();
        Files.writeString(
                PostmasterFile.path(directory.resolve("cluster")),
                "%d\n%s/cluster\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready\n"
                        .formatted(stranger, directory));
        try (var server = start()) {
            assertThat(server.pid()).isNotEqualTo(stranger);
        }
    }

    @Test
    void secondHeddleIsRefusedAndToldWhoTheFirstIs() throws Exception {
        try (var first = EmbeddedPostgresProcess.start(directory)) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("in use by another Heddle, process " + first.pid());
            assertThat(ProcessHandle.of(first.serverPid())).isPresent();
            first.kill();
        }
        start().close();
    }

    @Test
    void secondStartInTheSameProcessIsRefused() throws Exception {
        try (var server = start()) {
            assertThatThrownBy(this::start)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThatThrownBy(this::start).hasMessageContaining("in use");
            createRow(server);
        }
    }

    @Test
    void workThatWasInterruptedIsDoneAnew() throws Exception {
        directory = TestPostgres.newDirectory();
        var ended = new ProcessBuilder("true").start();
        ended.waitFor();
        var partialPrograms = directory.resolve("bin-01234567.partial-" + ended.pid(), "bin");
        Files.createDirectories(partialPrograms);
        Files.createDirectories(directory.resolve("cluster.partial", "data", "base"));
        try (var server = EmbeddedPostgres.start(directory, EmbeddedPostgres.Settings.defaults())) {
            createRow(server);
        }
        try (var names = Files.list(directory)) {
            assertThat(names.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.contains("partial"));
        }
    }

    @Test
    void clusterOfAnotherVersionIsLeftAlone() throws Exception {
        directory = TestPostgres.newDirectory();
        start().close();
        Files.writeString(directory.resolve("cluster", "PG_VERSION"), "17\n");
        assertThatThrownBy(this::start)
                .hasMessageContaining("was made by PostgreSQL 17 (expected: 18");
    }

    @Test
    void failedStartSaysWhatPostgresSays() throws Exception {
        var settings = settings(0, Map.of("shared_buffers", "plenty"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(directory, settings))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("invalid value for parameter \"shared_buffers\": \"plenty\"");
        start().close();
    }

    @Test
    void portThatIsTakenIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var settings = settings(taken.getLocalPort(), Map.of());
            assertThatThrownBy(() -> EmbeddedPostgres.start(directory, settings))
                    .hasMessageContaining("could not bind")
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void interruptOfTheTerminalDoesNotReachTheServer() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")));
        try (var server = start()) {
            assertThat(session(server.pid())).isNotEqualTo(session(ProcessHandle.current().pid()));
        }
    }

    @Test
    void directoryThatOnlyRootMayEnterServesToo() throws Exception {
        directory = TestPostgres.newDirectory();
        assumeTrue(isRoot() && Command.of("unshare", "--user", "true").succeeds(PATIENCE));
        Directories.setPermissions(directory, "rwx------");
        try (var server = start()) {
            createRow(server);
        }
        Directories.setPermissions(directory, "rwxr-xr-x");
        try (var server = start()) {
            assertThat(row(server)).isEqualTo("a row");
        }
    }

    @Test
    void directoryThatPostgresMayNotEnterIsNamed() throws Exception {
        assumeTrue(isRoot());
        try (var server = start()) {
            createRow(server);
        }
        Directories.setPermissions(directory, "rwx------");
        try {
            assertThatThrownBy(this::start)
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("may not enter " + directory);
        } finally {
            Directories.setPermissions(directory, "rwxr-xr-x");
        }
    }

    @Test
    void parametersMayHoldAnything() throws Exception {
        var value = "it's a \\ and a\nline";
        var settings = settings(0, Map.of("heddle.example", value));
        try (var server = EmbeddedPostgres.start(directory, settings)) {
            assertThat(query(server, "SHOW heddle.example")).isEqualTo(value);
        }
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> settings(70_000, Map.of()))
                .hasMessage("db.embedded.port: 70000 (expected: 0 to 65535)");
        assertThatThrownBy(() -> settings(0, Map.of("a b", "c")))
                .hasMessage("db.embedded.parameters: a b (expected: names of a-z, _ and .)");
    }

    private EmbeddedPostgres start() throws InterruptedException {
        return EmbeddedPostgres.start(directory, TestPostgres.settings());
    }

    private static EmbeddedPostgres.Settings settings(int port, Map<String, String> parameters) {
        var usual = TestPostgres.settings();
        return new EmbeddedPostgres.Settings(
                port,
                usual.maxConnections(),
                usual.startTimeout(),
                usual.stopTimeout(),
                parameters,
                usual.programs());
    }

    private static void createRow(EmbeddedPostgres server) throws SQLException {
        try (var connection = TestPostgres.database(server).connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS kept");
            statement.execute("CREATE TABLE kept AS SELECT 'a row' AS value");
        }
    }

    private static String row(EmbeddedPostgres server) throws SQLException {
        return query(server, "SELECT value FROM kept");
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = TestPostgres.database(server).connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void kill(long pid) throws Exception {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    private static void eventually(BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not within %s", PATIENCE).isLessThan(end);
            LockSupport.parkNanos(MILLISECONDS.toNanos(5));
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.exists(Path.of("/proc/self"))
                && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static String session(long pid) throws IOException {
        var fields = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return fields.substring(fields.lastIndexOf(')') + 2).split(" ", -1)[3];
    }
}
