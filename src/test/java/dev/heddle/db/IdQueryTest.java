package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class IdQueryTest {
    private static final IdQuery THINGS =
            new IdQuery("things", "SELECT id FROM thing WHERE id IN (:ids) ORDER BY id");

    private static final Database DATABASE =
            Database.open(
                    TestSettings.of(TestPostgres.createDatabase(), 1), new SimpleMeterRegistry());

    private static final List<UUID> IDS = create();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    private static List<UUID> create() {
        DATABASE.plain(db -> db.dml("CREATE TABLE thing (id uuid PRIMARY KEY)"));
        DATABASE.plain(
                db -> db.dml("INSERT INTO thing SELECT uuidv7() FROM generate_series(1, 1000)"));
        DATABASE.plain(db -> db.dml("ANALYZE thing"));
        return DATABASE.plain(db ->
                Rows.list(
                        db,
                        new Query("all", "SELECT id FROM thing ORDER BY id", Map.of()),
                        row -> UUID.fromString(row.text(1))));
    }

    private static List<UUID> find(List<UUID> ids) {
        return DATABASE.plain(
                db -> Rows.list(db, THINGS.of(ids), row -> UUID.fromString(row.text(1))));
    }

    @Test
    void anyNumberOfIdsIsFoundAndEachOnce() {
        for (var count = 0; count <= 33; count++) {
            var ids = IDS.subList(0, count);

            assertThat(find(ids)).as("%d ids", count).isEqualTo(ids);
        }
        assertThat(find(IDS)).isEqualTo(IDS);
    }

    @Test
    void idsThatAreNotThereOrThereTwiceDoNotMatter() {
        var ids = new ArrayList<>(IDS.subList(0, 3));
        ids.addAll(IDS.subList(1, 3));
        ids.add(UUID.randomUUID());

        assertThat(find(ids)).isEqualTo(IDS.subList(0, 3));
    }

    @Test
    void fewTextsServeAnyNumber() {
        var texts = new HashSet<String>();
        IntStream.rangeClosed(1, 128)
                .forEach(count -> texts.add(THINGS.of(IDS.subList(0, count)).sql()));

        assertThat(texts).hasSize(8);
    }

    @Test
    void serverKeepsThePlan() {
        for (var i = 0; i < 30; i++) {
            assertThat(find(IDS.subList(i, i + 3))).hasSize(3);
        }

        var plans =
                DATABASE.plain(db ->
                        Rows.first(
                                        db,
                                        new Query(
                                                "plans",
                                                """
                                                SELECT generic_plans FROM pg_prepared_statements
                                                WHERE statement LIKE 'SELECT id FROM thing%$4)%'
                                                """,
                                                Map.of()),
                                        row -> row.integer(1))
                                .orElseThrow());
        assertThat(plans).isGreaterThan(10);
    }

    @Test
    void textWithoutAPlaceForTheIdsIsRefused() {
        assertThatThrownBy(() -> new IdQuery("things", "SELECT id FROM thing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: IN (:ids))");
    }
}
