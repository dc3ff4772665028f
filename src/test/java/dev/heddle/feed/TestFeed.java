package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A feed on a database of its own, and a pool for what publishes.
final class TestFeed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Database.Settings settings;
    private final Database database;
    private final Feed feed;

    private TestFeed(Database.Settings settings, Settings feedSettings) {
        this.settings = settings;
        this.database = Database.open(settings, new SimpleMeterRegistry());
        this.feed = Feed.start(settings, feedSettings, new SimpleMeterRegistry());
    }

    static TestFeed start() {
        return start(Settings.DEFAULT);
    }

    static TestFeed start(Settings settings) {
        return start(TestPostgres.createDatabase(), settings);
    }

    static TestFeed start(TestPostgres.Database postgres, Settings feedSettings) {
        return new TestFeed(migrate(postgres), feedSettings);
    }

    /// Makes the tables.
    static Database.Settings migrate(TestPostgres.Database postgres) {
        var settings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        Migrations.run(settings);
        return settings;
    }

    /// The bounds of a replica that remembers little.
    static Settings small() {
        return smallFor(10);
    }

    /// The same for so many readers.
    static Settings smallFor(int readers) {
        var defaults = Settings.DEFAULT;
        return new Settings(
                Duration.ofSeconds(1),
                1000,
                16,
                defaults.ringBytes(),
                defaults.maxEventSize(),
                defaults.pollInterval(),
                Duration.ofMillis(100),
                2,
                readers,
                10);
    }

    /// A replica that relies on being told.
    static Settings polling(Duration interval) {
        var defaults = Settings.DEFAULT;
        return new Settings(
                defaults.retention(),
                defaults.partitionSize(),
                defaults.ringEvents(),
                defaults.ringBytes(),
                defaults.maxEventSize(),
                interval,
                defaults.bookmarkInterval(),
                defaults.maxCatchUps(),
                defaults.maxStreamsPerCaller(),
                defaults.maxTopics());
    }

    /// Another replica on the same database.
    TestFeed replica(Settings feedSettings) {
        return new TestFeed(settings, feedSettings);
    }

    Feed feed() {
        return feed;
    }

    Database database() {
        return database;
    }

    void publish(String topic, String... keys) {
        var _ =
                database.transaction(db -> {
                    for (var key : keys) {
                        feed.publish(new NewEvent(topic, "test.happened", key, "{}"));
                    }
                    return topic;
                });
    }

    /// Publishes one transaction an event.
    void publishEach(String topic, int count) {
        for (var i = 1; i <= count; i++) {
            publish(topic, Integer.toString(i));
        }
    }

    Cursor open(Start start, String... topics) throws InterruptedException {
        var selection = new Selection(Topics.parse(List.of(topics), "topics"), Set.of(), Set.of());
        return feed.open(selection, start, "test");
    }

    /// The keys of the next events.
    static List<String> take(Cursor cursor, int count) throws InterruptedException {
        var keys = new ArrayList<String>();
        while (keys.size() < count) {
            switch (cursor.next(PATIENCE)) {
                case Next.Events(var events) -> events.forEach(event -> keys.add(event.key()));
                case Next other -> throw new AssertionError("%s after %s".formatted(other, keys));
            }
        }
        return keys;
    }

    @Override
    public void close() {
        feed.close();
        database.close();
    }
}
