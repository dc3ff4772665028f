package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RequestIdSweepTest {
    @Test
    void idsOlderThanADayAreRemoved() {
        var settings = TestSettings.of(TestPostgres.createDatabase(), 1);
        Migrations.run(settings);
        try (var database = Database.open(settings, new SimpleMeterRegistry());
                var _ = RequestIdSweep.start(database)) {
            database.plain(db ->
                    db.dml(
                            """
                            INSERT INTO request_ids
                            SELECT 'caller', 'method', n, '', '', now() - n * interval '1 minute'
                            FROM generate_series(1, 4000) n
                            """));

            assertThat(RequestIdSweep.sweep(database)).isBetween(2559L, 2561L);
            assertThat(RequestIdSweep.sweep(database)).isZero();
        }
    }
}
