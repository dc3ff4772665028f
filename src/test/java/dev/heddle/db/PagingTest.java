package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PagingTest {
    private static final Columns COLUMNS =
            Columns.builder()
                    .integer("id", "id")
                    .caselessText("word", "word")
                    .integer("size", "size")
                    .timestamp("time", "time")
                    .build();

    private static final Database DATABASE = database();

    private final PageTokens tokens = new PageTokens(key("a key of at least 32 bytes, for tests"));

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    /// 200 rows with few different values.
    private static Database database() {
        var database =
                Database.open(
                        TestSettings.of(TestPostgres.createDatabase(), 1),
                        new SimpleMeterRegistry());
        database.plain(db ->
                db.dml(
                        """
                        CREATE TABLE thing AS
                        SELECT n AS id, (ARRAY['Ada', 'ada', 'Bob', 'é', 'x y'])[1 + n % 5] AS word,
                               n % 3 AS size, '2026-01-01'::timestamptz + n % 7 * interval '1 us' AS time
                        FROM generate_series(1, 200) n
                        """));
        return database;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "id desc",
                "size",
                "size desc",
                "word, size",
                "word desc, size",
                "size, word desc, time",
                "time desc, word, size desc, id",
                "id, word",
            })
    void pagesTogetherAreTheWhole(String order) {
        var keyset = Keyset.of(OrderBy.parse(order, COLUMNS), COLUMNS, "id");

        var whole = page(keyset, Condition.TRUE, 1000);
        var paged = new ArrayList<Listed>();
        var page = page(keyset, Condition.TRUE, 7);
        while (!page.isEmpty()) {
            paged.addAll(page);
            page = page(keyset, keyset.after(paged.getLast().position()), 7);
        }

        assertThat(paged).hasSize(200).isEqualTo(whole);
    }

    @Test
    void equalRowsComeInTheDirectionOfTheLastField() {
        assertThat(orderBy("")).isEqualTo("id");
        assertThat(orderBy("word desc")).isEqualTo("lower(word) DESC, id DESC");
        assertThat(orderBy("word desc, size asc")).isEqualTo("lower(word) DESC, size, id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "siz | order_by: unknown field \"siz\" (expected: one of id, word, size, time)",
                "size, | order_by: unknown field \"\" (expected: one of id, word, size, time)",
                "size down | order_by: \"down\" behind size (expected: desc or asc)",
                "size desc desc | order_by: \"size desc desc\" (expected: a field, or a field and desc)",
                "size, size desc | order_by: field size twice (expected: once)",
                "size;drop table thing | order_by: unknown field \"size;drop\" (expected: one of id, word, size, time)",
            })
    void orderThatCannotBeReadSaysWhatIsExpected(String order, String message) {
        assertThat(Calls.failure(() -> OrderBy.parse(order, COLUMNS)).message()).isEqualTo(message);
    }

    @Test
    void tokenNamesThePlaceThatItWasMadeOf() {
        var position = List.of("", "é\0\n", "x".repeat(500));

        assertThat(tokens.decode(tokens.encode(List.of("m", "f"), position), List.of("m", "f")))
                .isEqualTo(position);
    }

    @Test
    void tokenOfOtherParametersIsRefused() {
        var token = tokens.encode(List.of("method", "ab", "c"), List.of("1"));

        var failure = Calls.failure(() -> tokens.decode(token, List.of("method", "a", "bc")));

        assertThat(failure.message()).contains("made for other parameters");
        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void tokenWithAnyBitChangedIsRefused() {
        var bytes = Base64.getUrlDecoder().decode(tokens.encode(List.of("m"), List.of("1")));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            var changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(changed));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAA", "not base64!", "bm8gdG9rZW4"})
    void whatIsNoTokenIsRefused(String token) {
        assertRefused(token);
        assertRefused(token.repeat(10_000));
    }

    @Test
    void tokenOfAnotherKeyIsRefused() {
        var other = new PageTokens(key("another key of at least 32 bytes, too"));

        assertRefused(other.encode(List.of("m"), List.of("1")));
    }

    @Test
    void shortKeyIsRefused() {
        assertThatThrownBy(() -> new PageTokens(new byte[31]))
                .hasMessage("page token key: 31 bytes (expected: >= 32)");
    }

    private void assertRefused(String token) {
        RpcException failure = Calls.failure(() -> tokens.decode(token, List.of("m")));
        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    private record Listed(long id, List<String> position) {}

    private static List<Listed> page(Keyset keyset, Condition condition, int limit) {
        var page = new ArrayList<Listed>();
        DATABASE.plain(db ->
                Rows.forEach(
                        db,
                        new Query(
                                "page",
                                "SELECT id, %s FROM thing WHERE %s ORDER BY %s LIMIT %d"
                                        .formatted(
                                                keyset.selection(),
                                                condition.sql(),
                                                keyset.orderBy(),
                                                limit),
                                condition.parameters()),
                        row -> page.add(new Listed(row.integer(1), keyset.position(row, 2)))));
        return page;
    }

    private static String orderBy(String order) {
        return Keyset.of(OrderBy.parse(order, COLUMNS), COLUMNS, "id").orderBy();
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
