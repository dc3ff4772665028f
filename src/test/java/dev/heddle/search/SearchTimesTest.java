package dev.heddle.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.demo.JsonServer;
import dev.heddle.demo.JsonServer.Reply;
import dev.heddle.search.v1.SearchRequest;
import dev.heddle.search.v1.SearchResponse;
import dev.heddle.search.v1.SearchServiceGrpc;
import dev.heddle.search.v1.Source;
import dev.heddle.search.v1.SourceStatus.State;
import dev.heddle.source.Sources;
import dev.heddle.testing.Await;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.Directory;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Sources that have used up their time, callers who go, and callers who may not search everywhere.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SearchTimesTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();
    private final Database.Settings settings =
            Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
    private final Database database = Database.open(settings, new SimpleMeterRegistry());
    private final Sources sources =
            Sources.open(dev.heddle.source.Settings.DEFAULT, new SimpleMeterRegistry());
    private final JsonServer slow =
            JsonServer.start(_ -> new Reply(200, "{}", Duration.ofHours(1)));

    @BeforeAll
    void migrate() {
        Migrations.run(settings);
    }

    @AfterAll
    void close() {
        database.close();
        sources.close();
        slow.close();
    }

    @Test
    void queryOfASourceThatTimedOutIsCancelled() throws Exception {
        var calls = calls(new Settings("", LONG, SHORT, LONG, LONG, LONG));
        try (var _ = lock("posts")) {
            var found = search(calls);

            assertThat(found.getIsPartial()).isTrue();
            assertThat(states(found))
                    .containsEntry(Source.SOURCE_PRODUCTS, State.STATE_OK)
                    .containsEntry(Source.SOURCE_POSTS, State.STATE_TIMED_OUT)
                    .containsEntry(Source.SOURCE_DOCUMENTS, State.STATE_OK)
                    .containsEntry(Source.SOURCE_USERS, State.STATE_OK)
                    .containsEntry(Source.SOURCE_EXTERNAL, State.STATE_NOT_CONFIGURED);
            assertThat(running()).isEmpty();
            assertThat(database.busyConnections()).isZero();
        }
    }

    @Test
    void callWithLessTimeThanItsSourcesIsAnsweredWithinIt() throws Exception {
        var calls = calls(new Settings("", LONG, LONG, LONG, LONG, LONG));
        try (var _ = lock("documents")) {
            var call =
                    calls.open(
                            SearchServiceGrpc.getSearchMethod(),
                            Optional.of(Duration.ofSeconds(4)));
            var found = new ArrayList<SearchResponse>();
            calls.run(call, SearchServiceGrpc.getSearchMethod(), request(), found::add);

            assertThat(states(found.getFirst()))
                    .containsEntry(Source.SOURCE_DOCUMENTS, State.STATE_TIMED_OUT)
                    .containsEntry(Source.SOURCE_PRODUCTS, State.STATE_OK);
            assertThat(running()).isEmpty();
        }
    }

    @Test
    void callerWhoGoesTakesAllInquiriesAlong() throws Exception {
        var url = slow.address("/{q}");
        var calls = calls(new Settings(url, LONG, LONG, LONG, LONG, LONG));
        try (var _ = lock("users")) {
            var requests = slow.requests();
            var abandoned = slow.abandoned();
            var call = calls.open(SearchServiceGrpc.getSearchMethod(), Optional.empty());
            var failure =
                    CompletableFuture.supplyAsync(() ->
                            Calls.failure(() ->
                                    calls.run(
                                            call,
                                            SearchServiceGrpc.getSearchMethod(),
                                            request(),
                                            _ -> {})));
            Await.until(
                    "inquiries of both kinds",
                    () -> slow.requests() > requests && !running().isEmpty());

            call.cancelByCaller();

            assertThat(failure.join().code()).isEqualTo(Code.CANCELLED);
            assertThat(running()).isEmpty();
            Await.until("closed connection", () -> slow.abandoned() > abandoned);
        }
    }

    @Test
    void callerFindsNothingThatItMayNotRead() {
        var calls =
                Calls.of(
                        new SearchService(database, new Directory(), sources, Settings.DEFAULT),
                        Set.of("search.read", "catalog.read", "posts.read"));
        var found = search(calls);

        assertThat(states(found))
                .containsEntry(Source.SOURCE_PRODUCTS, State.STATE_OK)
                .containsEntry(Source.SOURCE_POSTS, State.STATE_OK)
                .containsEntry(Source.SOURCE_DOCUMENTS, State.STATE_PERMISSION_DENIED)
                .containsEntry(Source.SOURCE_USERS, State.STATE_PERMISSION_DENIED)
                .containsEntry(Source.SOURCE_EXTERNAL, State.STATE_NOT_CONFIGURED);
        assertThat(found.getIsPartial()).isFalse();
        assertThat(found.getStatuses(2).getError().getCode())
                .isEqualTo(Code.PERMISSION_DENIED.value());
        assertThat(found.getStatuses(2).hasDuration()).isFalse();
    }

    private Calls calls(Settings settings) {
        return Calls.of(new SearchService(database, new Directory(), sources, settings));
    }

    private static SearchResponse search(Calls calls) {
        return calls.unary(SearchServiceGrpc.getSearchMethod(), request());
    }

    private static SearchRequest request() {
        return SearchRequest.newBuilder().setQ("loom").build();
    }

    private static Map<Source, State> states(SearchResponse response) {
        var states = new EnumMap<Source, State>(Source.class);
        for (var status : response.getStatusesList()) {
            states.put(status.getSource(), status.getState());
        }
        return states;
    }

    /// A connection that keeps everybody from reading a table until it is closed.
    private Connection lock(String table) throws SQLException {
        var connection = postgres.connect();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE".formatted(table));
        }
        return connection;
    }

    /// What others run in the database. On a connection of its own: within a transaction the server
    /// answers as the first time.
    private List<String> running() {
        var queries = new ArrayList<String>();
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT query FROM pg_stat_activity
                                WHERE datname = current_database() AND state = 'active'
                                  AND pid <> pg_backend_pid()
                                """)) {
            while (rows.next()) {
                queries.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new AssertionError("no look at the database", e);
        }
        return queries;
    }
}
