package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// A step of publishing or sequencing, at which PostgreSQL holds a gateway until it is dead.
enum CrashStep {
    BEFORE_THE_INSERT("query ILIKE '%into outbox%' AND wait_event_type = 'Lock'") {
        @Override
        void hold(Hand hand) throws SQLException {
            hand.lock("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE");
        }
    },
    BEFORE_THE_COMMIT("query = 'COMMIT' AND wait_event = 'advisory'") {
        @Override
        void hold(Hand hand) throws SQLException {
            hand.lock("SELECT pg_advisory_xact_lock(1)");
        }
    },
    COMMITTED_AND_NOT_ACKNOWLEDGED("query = 'COMMIT' AND wait_event = 'SyncRep'") {
        @Override
        void hold(Hand hand) throws SQLException {
            hand.delayCommits();
        }
    },
    COMMITTED_AND_NOT_SEQUENCED("query LIKE '%feed_sequence%' AND wait_event_type = 'Lock'") {
        @Override
        void hold(Hand hand) throws SQLException {
            hand.lock("SELECT FROM feed_head FOR UPDATE");
        }
    },
    SEQUENCING("query LIKE '%feed_sequence%' AND wait_event = 'advisory'") {
        @Override
        void hold(Hand hand) throws SQLException {
            hand.lock("SELECT pg_advisory_xact_lock(2)");
        }
    },
    SEQUENCED_AND_NOT_TOLD("query LIKE '%feed_sequence%' AND wait_event = 'SyncRep'") {
        // It lets go of the head when commits are sure to wait.
        @Override
        void hold(Hand hand) throws SQLException {
            COMMITTED_AND_NOT_SEQUENCED.hold(hand);
            COMMITTED_AND_NOT_SEQUENCED.await(hand);
            COMMITTED_AND_NOT_ACKNOWLEDGED.hold(hand);
            COMMITTED_AND_NOT_ACKNOWLEDGED.await(hand);
            hand.unlock();
        }
    },
    TOLD_AND_NOT_DELIVERED("true") {
        @Override
        void hold(Hand hand) {
            // it is killed wherever it is
        }
    };

    /// What every gateway's role begins with.
    static final String ROLE = "gateway_";

    /// How long until a gateway comes to the step.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String isHeld;

    /// What holds gateways.
    ///
    /// @param locks for locks
    /// @param other for all else
    record Hand(Connection locks, Connection other) implements AutoCloseable {
        void lock(String sql) throws SQLException {
            locks.setAutoCommit(false);
            execute(locks, sql);
        }

        void unlock() throws SQLException {
            locks.rollback();
        }

        /// Has commits wait, when they are durable, for a standby that isn't there.
        void delayCommits() throws SQLException {
            execute(other, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            execute(other, "SELECT pg_reload_conf()");
        }

        void release() throws SQLException {
            unlock();
            execute(other, "ALTER SYSTEM RESET synchronous_standby_names");
            execute(other, "SELECT pg_reload_conf()");
        }

        @Override
        public void close() throws SQLException {
            try (locks;
                    other) {
                release();
            }
        }
    }

    /// @param isHeld whether a session is held at the step
    CrashStep(String isHeld) {
        this.isHeld = isHeld;
    }

    abstract void hold(Hand hand) throws SQLException;

    /// Makes what some steps need.
    static void prepare(Connection connection) throws SQLException {
        execute(
                connection,
                """
                CREATE FUNCTION crash_hold() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint);
                  RETURN NULL;
                END $$;
                CREATE CONSTRAINT TRIGGER crash_hold AFTER INSERT ON outbox
                  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash_hold('1');
                CREATE TRIGGER crash_hold AFTER INSERT ON event
                  FOR EACH ROW EXECUTE FUNCTION crash_hold('2');
                """);
    }

    /// Waits until a gateway is held.
    ///
    /// @return the gateway's role
    String await(Hand hand) throws SQLException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        for (; ; ) {
            var held = held(hand.other());
            if (held.isPresent()) {
                return held.get();
            }
            assertThat(System.nanoTime()).as("a gateway is held: %s", this).isLessThan(end);
        }
    }

    private Optional<String> held(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT (SELECT usename FROM pg_stat_activity
                                        WHERE usename LIKE '%s%%' AND %s
                                        ORDER BY random() LIMIT 1),
                                       pg_sleep(0.01)
                                """
                                        .formatted(ROLE, isHeld))) {
            rows.next();
            return Optional.ofNullable(rows.getString(1));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
