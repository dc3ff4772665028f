package dev.heddle.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Random histories against a model: publishers in several processes, savepoints, rollbacks and
/// transactions that take long, sequencers that race and are stopped, readers of every kind.
///
/// `-Dheddle.feed.events` has it publish more than usual, `-Dheddle.feed.seed` repeats the choices
/// of a run.
@Timeout(600)
final class FeedModelTest {
    private static final int EVENTS = Integer.getInteger("heddle.feed.events", 210_000);
    private static final long SEED = Long.getLong("heddle.feed.seed", System.nanoTime());
    private static final int PUBLISHERS = 12;
    private static final String NO_PARTITION = "23514";

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch published = new CountDownLatch(1);
    private final FeedModel model = new FeedModel();
    private final Random random = new Random(SEED);
    private final List<ModelProcess> processes = new ArrayList<>();

    @BeforeEach
    void prepare() throws SQLException {
        Migrations.run(
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password()));
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE model_counter (topic text PRIMARY KEY, number bigint NOT NULL);
                    INSERT INTO model_counter
                    SELECT 't.' || to_char(number, 'FM00'), 0 FROM generate_series(0, 99) AS number;
                    """);
            // each table of the outbox is written to for a second, and not for half a minute
            statement.execute(
                    """
                    ALTER TABLE outbox ALTER slot
                      SET DEFAULT (extract(epoch FROM clock_timestamp())::bigint % 4)::smallint;
                    DO $$ BEGIN
                      EXECUTE replace(pg_get_functiondef('feed_clear_outbox'::regproc), '/ 30 %', '%');
                    END $$;
                    """);
        }
    }

    @AfterEach
    void end() {
        processes.forEach(ModelProcess::close);
        published.countDown();
        threads.shutdownNow();
    }

    @Test
    void everyReaderSeesWhatWasCommittedInOrder() throws Exception {
        System.out.printf("feed model: seed %d, %d events%n", SEED, EVENTS);
        var each = EVENTS / PUBLISHERS;
        start(new ModelProcess.Work("A", random.nextLong(), 4, 0, each, 8192));
        start(new ModelProcess.Work("B", random.nextLong(), 2, 3, each, 512));
        start(new ModelProcess.Work("C", random.nextLong(), 0, 3, each, 16));
        for (var process : processes) {
            assertThat(process.line()).isEqualTo("READY");
        }
        var start = System.nanoTime();
        var sequencers = List.of(threads.submit(this::sequence), threads.submit(this::sequence));
        var pauses = threads.submit(this::pause);
        for (var process : processes) {
            process.tell("GO");
        }
        var listening =
                processes.stream().map(process -> threads.submit(() -> listen(process))).toList();
        for (var done : listening) {
            done.get(550, TimeUnit.SECONDS);
        }
        var seconds = (System.nanoTime() - start) / 1e9;
        published.countDown();
        pauses.get(30, TimeUnit.SECONDS);
        var batches = 0;
        for (var sequencer : sequencers) {
            batches += sequencer.get(30, TimeUnit.SECONDS);
        }
        System.out.printf(
                "feed model: %d events of %d transactions in %.1f s, %.0f events/s; %d batches of bare sequencers%n",
                model.events(), model.transactions(), seconds, model.events() / seconds, batches);

        var log = readers();

        assertThat(model.faults(log)).isEmpty();
        assertThat(model.events()).isGreaterThanOrEqualTo(EVENTS * 99 / 100);
        assertThat(count("event_partition")).isGreaterThan(EVENTS / 25_000);
    }

    private void start(ModelProcess.Work work) throws Exception {
        processes.add(ModelProcess.start(postgres, work));
    }

    /// Notes what a process commits, until it is done.
    private Void listen(ModelProcess process) throws InterruptedException {
        for (var line = process.line(); !line.equals("DONE"); line = process.line()) {
            var words = line.split(" ", -1);
            assertThat(words[0]).as(line).isEqualTo("COMMIT");
            model.committed(words[1], Integer.parseInt(words[2]));
        }
        return null;
    }

    /// Sequences as a replica does that is always behind and tells nobody.
    private int sequence() throws Exception {
        var own = new Random(SEED);
        var batches = 0;
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            while (!published.await(own.nextInt(20), TimeUnit.MILLISECONDS)) {
                try {
                    statement.execute(
                            "SELECT * FROM feed_sequence('bare', %d, 1, 0, 0, 0)"
                                    .formatted(own.nextLong()));
                    batches++;
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).as(e.toString()).isEqualTo(NO_PARTITION);
                }
            }
        }
        return batches;
    }

    /// Stops one process after the other, wherever it is.
    private Void pause() throws Exception {
        var own = new Random(SEED);
        while (!published.await(own.nextInt(600), TimeUnit.MILLISECONDS)) {
            var process = processes.get(own.nextInt(processes.size()));
            process.pause();
            try {
                var _ = published.await(own.nextInt(400), TimeUnit.MILLISECONDS);
            } finally {
                process.goOn();
            }
        }
        return null;
    }

    /// Has all readers read to the end, and compares them with the table.
    ///
    /// @return the whole log
    private List<FeedModel.Entry> readers() throws Exception {
        var entries = new ArrayList<FeedModel.Entry>();
        Map<String, ModelReader.Digests> expected = new HashMap<>();
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute("SELECT * FROM feed_sequence('', 1, 1, 0, 0, 0)");
            var end = events(connection, entries, expected);
            for (var process : processes) {
                process.tell("END " + end);
            }
        }
        var reading = new ArrayList<Future<Void>>();
        for (var process : processes) {
            reading.add(threads.submit(() -> compare(process, expected)));
        }
        for (var each : reading) {
            each.get(120, TimeUnit.SECONDS);
        }
        return entries;
    }

    private static Void compare(ModelProcess process, Map<String, ModelReader.Digests> expected)
            throws InterruptedException {
        for (var i = 0; i < 9; i++) {
            var words = process.line().split(" ", 4);
            assertThat(words[0]).as(String.join(" ", words)).isEqualTo("READ");
            var digests = expected.get(words[1]);
            assertThat(words[3]).as("%s %s", words[1], words[2]).isEqualTo(String.valueOf(digests));
        }
        return null;
    }

    /// Reads the table.
    ///
    /// @return its last position
    private static long events(
            Connection connection,
            List<FeedModel.Entry> entries,
            Map<String, ModelReader.Digests> digests)
            throws SQLException {
        var end = 0L;
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(1000);
            try (var rows =
                    statement.executeQuery(
                            "SELECT seq, topic, type, key, payload, tag FROM event ORDER BY seq")) {
                while (rows.next()) {
                    var event =
                            new FeedEvent(
                                    rows.getString(2),
                                    rows.getString(3),
                                    rows.getString(4),
                                    rows.getString(5),
                                    Timestamp.getDefaultInstance(),
                                    Token.of(1, rows.getLong(1), rows.getLong(6)));
                    end = event.seq();
                    entries.add(new FeedModel.Entry(end, event.topic(), event.key()));
                    for (var topics : List.of("*", "t.*,free.1", "t.01,t.02,free.0")) {
                        var selected =
                                Topics.parse(List.of(topics.split(",")), "topics")
                                        .contains(event.topic());
                        if (selected) {
                            digests.computeIfAbsent(topics, _ -> new ModelReader.Digests())
                                    .add(event);
                        }
                    }
                }
            }
        }
        return end;
    }

    private long count(String table) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
