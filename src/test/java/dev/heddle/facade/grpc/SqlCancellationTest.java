package dev.heddle.facade.grpc;

import dev.heddle.db.Database;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.testing.RawHttp2;
import dev.heddle.testing.TestMethods;
import dev.heddle.testing.TestPostgres;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A caller that has gone takes its statement with it: from the frame, or from the lost connection,
/// to PostgreSQL.
@Timeout(60)
final class SqlCancellationTest {
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();

    /// On a machine at rest it takes milliseconds, see what is printed.
    private static final Duration BOUND = Duration.ofSeconds(5);

    private final Database database =
            Database.open(
                    Database.Settings.of(
                            POSTGRES.jdbcUrl(), POSTGRES.username(), POSTGRES.password()),
                    new SimpleMeterRegistry());
    private final GrpcServer server = new GrpcServer(new TestMethods().unary((_, _) -> sleep()));

    private EchoResponse sleep() {
        var rows =
                database.plain(db ->
                        db.createNamedQuery("sleep", "SELECT pg_sleep(50)").execute().count());
        throw new AssertionError("slept to the end, %d rows".formatted(rows));
    }

    @AfterEach
    void close() {
        GrpcServer.await("connections back", BOUND, () -> database.busyConnections() == 0);
        server.close();
        database.close();
    }

    @Test
    void cancelledCallCancelsItsStatement() throws Exception {
        var channel = server.channel();
        var call = channel.newCall(DiagnosticsServiceGrpc.getEchoMethod(), CallOptions.DEFAULT);
        call.start(new Answers(), new Metadata());
        call.sendMessage(EchoRequest.getDefaultInstance());
        call.halfClose();
        awaitStatements(1);

        var start = System.nanoTime();
        call.cancel("enough", null);

        assertStatementEnds("RST_STREAM", start);
        GrpcServer.shutdown(channel);
    }

    @Test
    void lostConnectionCancelsItsStatement() throws Exception {
        var start = 0L;
        try (var client = RawHttp2.open(server.port())) {
            client.send(
                    RawHttp2.call(1, "/heddle.diagnostics.v1.DiagnosticsService/Echo"),
                    RawHttp2.data(1, true, new byte[5]));
            awaitStatements(1);
            start = System.nanoTime();
        }

        assertStatementEnds("a lost connection", start);
    }

    private void assertStatementEnds(String cause, long start) {
        awaitStatements(0);
        System.out.printf(
                ">> the statement ended %d ms after %s%n",
                Duration.ofNanos(System.nanoTime() - start).toMillis(), cause);
        GrpcServer.await("end of the call", BOUND, () -> server.active() == 0);
    }

    private void awaitStatements(long count) {
        GrpcServer.await(count + " statements", BOUND, () -> activeStatements() == count);
    }

    private long activeStatements() {
        return database.plain(db ->
                db.createNamedQuery(
                                "active",
                                """
                                SELECT 1 FROM pg_stat_activity
                                WHERE state = 'active' AND pid <> pg_backend_pid()
                                  AND datname = current_database()
                                """)
                        .execute()
                        .count());
    }
}
