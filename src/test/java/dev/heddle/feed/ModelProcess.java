package dev.heddle.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.db.Database;
import dev.heddle.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A replica in a process of its own, with publishers and readers.
///
/// It is told `GO` and later `END position` on its standard input, and tells `READY`, `COMMIT
/// transaction events`, `DONE` and `READ topics way digests` on its standard output.
final class ModelProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /// What it does.
    ///
    /// @param name unlike that of all others
    /// @param withFeed how many threads publish with [Feed#publish]
    /// @param withSql how many publish with plain SQL
    /// @param eventsEach how many events each publishes
    /// @param ringEvents how many events it remembers
    record Work(String name, long seed, int withFeed, int withSql, int eventsEach, int ringEvents) {
        List<String> arguments() {
            return List.of(
                    name,
                    Long.toString(seed),
                    Integer.toString(withFeed),
                    Integer.toString(withSql),
                    Integer.toString(eventsEach),
                    Integer.toString(ringEvents));
        }

        static Work parse(String... arguments) {
            return new Work(
                    arguments[0],
                    Long.parseLong(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]),
                    Integer.parseInt(arguments[5]));
        }
    }

    private ModelProcess(Process process) {
        this.process = process;
        Thread.startVirtualThread(this::drain);
    }

    static ModelProcess start(TestPostgres.Database postgres, Work work) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ModelProcess.class.getName()));
        command.addAll(work.arguments());
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(
                        Map.of(
                                "MODEL_URL", postgres.jdbcUrl(),
                                "MODEL_USERNAME", postgres.username(),
                                "MODEL_PASSWORD", postgres.password()));
        return new ModelProcess(builder.start());
    }

    /// The bounds of every replica of a model check.
    static Settings settings(int ringEvents) {
        var defaults = Settings.DEFAULT;
        return new Settings(
                Duration.ofHours(1),
                20_000,
                ringEvents,
                defaults.ringBytes(),
                defaults.maxEventSize(),
                defaults.pollInterval(),
                defaults.bookmarkInterval(),
                defaults.maxCatchUps(),
                defaults.maxStreamsPerCaller(),
                defaults.maxTopics());
    }

    void tell(String line) throws IOException {
        var writer = process.outputWriter(UTF_8);
        writer.write(line + "\n");
        writer.flush();
    }

    /// The next line that it tells.
    String line() throws InterruptedException {
        var line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(line).as("a line of a process").isNotNull();
        return line;
    }

    /// Stops it where it is: SIGSTOP.
    void pause() throws Exception {
        signal("-STOP");
    }

    /// Lets it go on: SIGCONT.
    void goOn() throws Exception {
        signal("-CONT");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void signal(String signal) throws Exception {
        var kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private void drain() {
        try (var reader = process.inputReader(UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            lines.add("BROKEN " + e);
        }
        lines.add("END OF FILE");
    }

    static void main(String[] arguments) throws Exception {
        var work = Work.parse(arguments);
        var settings =
                Database.Settings.of(
                        System.getenv("MODEL_URL"),
                        System.getenv("MODEL_USERNAME"),
                        System.getenv("MODEL_PASSWORD"));
        var end = new AtomicLong(Long.MAX_VALUE);
        var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (var database = Database.open(settings, new SimpleMeterRegistry());
                var feed =
                        Feed.start(
                                settings, settings(work.ringEvents()), new SimpleMeterRegistry());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = read(feed, work, end, threads);
            tellParent("READY");
            input.readLine();
            listen(input, end);
            for (var publisher : publish(feed, database, settings, work, threads)) {
                publisher.get();
            }
            tellParent("DONE");
            for (var reader : readers) {
                tellParent(reader.get());
            }
        }
        System.exit(0);
    }

    private static List<Future<String>> read(
            Feed feed, Work work, AtomicLong end, ExecutorService threads) {
        var readers = new ArrayList<Future<String>>();
        var random = new Random(work.seed());
        for (var topics : List.of("*", "t.*,free.1", "t.01,t.02,free.0")) {
            for (var way : ModelReader.Way.values()) {
                var reader =
                        new ModelReader(
                                feed,
                                List.of(topics.split(",")),
                                way,
                                new Random(random.nextLong()));
                Callable<String> reading =
                        () -> "READ %s %s %s".formatted(topics, way, reader.read(end));
                readers.add(threads.submit(reading));
            }
        }
        return readers;
    }

    private static List<Future<?>> publish(
            Feed feed,
            Database database,
            Database.Settings settings,
            Work work,
            ExecutorService threads) {
        var publishers = new ArrayList<Future<?>>();
        var random = new Random(work.seed());
        for (var i = 0; i < work.withFeed() + work.withSql(); i++) {
            var isFeed = i < work.withFeed();
            var name = work.name() + "-" + i;
            var own = new Random(random.nextLong());
            Callable<Void> publishing =
                    () -> {
                        try (var connection =
                                DriverManager.getConnection(
                                        settings.url(), settings.username(), settings.password())) {
                            var transactions =
                                    isFeed
                                            ? ModelTransactions.of(feed, database)
                                            : ModelTransactions.of(connection);
                            addCounter(connection, name);
                            new ModelPublisher(
                                            name,
                                            own,
                                            transactions,
                                            (transaction, events) ->
                                                    tellParent(
                                                            "COMMIT " + transaction + " " + events))
                                    .publish(work.eventsEach());
                        }
                        return null;
                    };
            publishers.add(threads.submit(publishing));
        }
        return publishers;
    }

    private static void addCounter(Connection connection, String name) throws SQLException {
        var isAuto = connection.getAutoCommit();
        try (var statement = connection.createStatement()) {
            statement.execute("INSERT INTO model_counter VALUES ('own.%s', 0)".formatted(name));
        }
        if (!isAuto) {
            connection.commit();
        }
    }

    /// Waits for the last order; a parent that is gone ends it.
    private static void listen(BufferedReader input, AtomicLong end) {
        Thread.startVirtualThread(() -> {
            try {
                for (var line = input.readLine(); line != null; line = input.readLine()) {
                    end.set(Long.parseLong(line.substring("END ".length())));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                if (end.get() == Long.MAX_VALUE) {
                    Runtime.getRuntime().halt(1);
                }
            }
        });
    }

    private static synchronized void tellParent(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
