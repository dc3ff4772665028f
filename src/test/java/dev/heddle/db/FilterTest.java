package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.User;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class FilterTest {
    private static final Columns COLUMNS =
            Columns.builder()
                    .uuid("id", "id")
                    .caselessText("email", "email")
                    .text("name", "name")
                    .enumeration("state", "state", User.State.getDescriptor())
                    .timestamp("create_time", "created")
                    .integer("size", "size")
                    .bool("open", "open")
                    .build();

    private static final Database DATABASE = database();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    /// Three rows: a(nna), b(ob), and c with signs that LIKE knows.
    private static Database database() {
        var database =
                Database.open(
                        TestSettings.of(TestPostgres.createDatabase(), 1),
                        new SimpleMeterRegistry());
        database.plain(db ->
                db.dml(
                        """
                        CREATE TABLE thing AS SELECT * FROM (VALUES
                        ('00000000-0000-7000-8000-000000000001'::uuid, 'Anna@Example.com', 'a', 1,
                         '2026-01-01T00:00:00Z'::timestamptz, 10::bigint, true),
                        ('00000000-0000-7000-8000-000000000002'::uuid, 'bob@example.org', 'b', 2,
                         '2026-02-01T00:00:00Z'::timestamptz, 20::bigint, false),
                        ('00000000-0000-7000-8000-000000000003'::uuid, 'c@example.net', '50%_\\"c',
                         1, '2026-03-01T00:00:00Z'::timestamptz, -5::bigint, true))
                        AS t (id, email, name, state, created, size, open)
                        """));
        return database;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 123",
                "state = ACTIVE | 13",
                "state = STATE_SUSPENDED | 2",
                "state != ACTIVE | 2",
                "email = \"anna@EXAMPLE.com\" | 1",
                "email = \"*@example.ORG\" | 2",
                "email:EXAMPLE | 123",
                "email:\"bob*\" | 2",
                "email != \"*.com\" | 23",
                "name = a | 1",
                "name = A | ``",
                "name:B | 2",
                "name:\"%\" | 3",
                "name = \"50%_*\" | 3",
                "name = \"*_*\" | 3",
                "name:\"\\\\\" | 3",
                "name = \"*\\\"c\" | 3",
                "name = \"*\" | 123",
                "name:* | 123",
                "name > a | 2",
                "size >= 10 | 12",
                "size = -5 | 3",
                "size < 0 | 3",
                "size:20 | 2",
                "open = true | 13",
                "open != true | 2",
                "open:* | 123",
                "create_time > \"2026-01-15T00:00:00Z\" | 23",
                "create_time <= 2026-02-01T01:00:00+01:00 | 12",
                "create_time <= 2026-02-01T00:00:00+18:00 | 1",
                "id = \"00000000-0000-7000-8000-000000000002\" | 2",
                "id > 00000000-0000-7000-8000-000000000001 | 23",
                "name = a OR name = b | 12",
                "open = true AND name = a OR name = b | 1",
                "(open = true AND name = a) OR name = b | 12",
                "name = b OR name = a AND open = true | 1",
                "NOT name = a | 23",
                "-name = a | 23",
                "NOT (name = a OR name = b) | 3",
                "NOT name = a AND open = true | 3",
                "open = true state = ACTIVE size > 0 | 1",
                "((name=a)) | 1",
                "name='a' | 1",
                "\u000bname\u2003=\u2028a\u001c | 1",
            })
    void filterFindsItsRows(String filter, String names) {
        assertThat(find(filter)).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nam = a | filter: unknown field \"nam\" at position 1 (expected: one of id, email, name, state, create_time, size, open)",
                "name = a AND | filter: the end at position 13 (expected: a field)",
                "name | filter: the end at position 5 (expected: =, !=, <, <=, >, >= or : behind a field)",
                "name = | filter: the end at position 7 (expected: a value)",
                "name ! a | filter: \"!\" at position 6 (expected: =, !=, <, <=, >, >= or :)",
                "name == a | filter: \"==\" at position 6 (expected: =, !=, <, <=, >, >= or :)",
                "(name = a | filter: the end at position 10 (expected: AND, OR or ))",
                "name = a) | filter: \")\" at position 9 (expected: AND, OR or the end)",
                "name = \"a | filter: \"\"a\" at position 8 (expected: a string that ends)",
                "\"name\" = a | filter: \"name\" at position 1 (expected: a field)",
                "AND name = a | filter: \"AND\" at position 1 (expected: a field)",
                "size > big | filter: \"big\" at position 8 can't be compared with size (expected: a whole number)",
                "size > 99999999999999999999 | filter: \"99999999999999999999\" at position 8 can't be compared with size (expected: a whole number)",
                "state = GONE | filter: \"GONE\" at position 9 can't be compared with state (expected: one of UNSPECIFIED, ACTIVE, SUSPENDED)",
                "state > ACTIVE | filter: > before position 9 does not apply to state (expected: =, != or :)",
                "open = yes | filter: \"yes\" at position 8 can't be compared with open (expected: true or false)",
                "create_time > yesterday | filter: \"yesterday\" at position 15 can't be compared with create_time (expected: a time such as \"2026-01-31T12:00:00Z\")",
                "create_time > 9999-12-31T23:59:59-18:00 | filter: \"9999-12-31T23:59:59-18:00\" at position 15 can't be compared with create_time (expected: a time such as \"2026-01-31T12:00:00Z\")",
                "id = 7 | filter: \"7\" at position 6 can't be compared with id (expected: an id)",
            })
    void filterThatCannotBeReadSaysWhereAndWhatIsExpected(String filter, String message) {
        var failure = invalid(filter);

        assertThat(failure.message()).isEqualTo(message);
        assertThat(failure.detail(BadRequest.class).orElseThrow().getFieldViolations(0).getField())
                .isEqualTo("filter");
    }

    @Test
    void filterThatIsTooLargeIsRefused() {
        invalid("(".repeat(21) + "name = a" + ")".repeat(21));
        invalid("name = a ".repeat(101));
        invalid("name = \"" + "a".repeat(10_000) + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x'; DROP TABLE thing; --",
                "x') OR TRUE --",
                ":filter0",
                "?",
                "$1",
                "\\'; SELECT 1",
                "/* x",
            })
    void valueIsNeverSql(String value) {
        var quoted = "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";

        assertThat(find("name = " + quoted)).isEmpty();
        assertThat(find("name : " + quoted)).isEmpty();
        assertThat(find("")).isEqualTo("123");
    }

    @Test
    void anyTextIsReadOrRefusedAsTheCallersFault() {
        var seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        var parts =
                List.of(
                        "name", "size", "state", "=", "!=", ":", "<", "AND", "OR", "NOT", "-", "(",
                        ")", "\"a\"", "'", "\\", "*", "5", "ACTIVE", " ", " ", "%", "é", "--");
        for (int i = 0; i < 2000; i++) {
            var filter = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                filter.append(parts.get(random.nextInt(parts.size())));
            }
            try {
                find(filter.toString());
            } catch (RpcException e) {
                assertThat(e.code()).as(filter.toString()).isEqualTo(Code.INVALID_ARGUMENT);
            }
        }
    }

    private static RpcException invalid(String filter) {
        var failure = Calls.failure(() -> Filter.parse(filter, COLUMNS));
        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
        return failure;
    }

    /// The last digits of the ids of the rows that match.
    private static String find(String filter) {
        var condition = Filter.parse(filter, COLUMNS);
        var found = new StringBuilder();
        DATABASE.plain(db ->
                Rows.forEach(
                        db,
                        new Query(
                                "find",
                                "SELECT right(id::text, 1) FROM thing WHERE %s ORDER BY id"
                                        .formatted(condition.sql()),
                                condition.parameters()),
                        row -> found.append(row.text(1))));
        return found.toString();
    }
}
