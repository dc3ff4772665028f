package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MigrationsTest {
    private final Database.Settings settings = TestSettings.of(TestPostgres.createDatabase(), 1);

    @Test
    void secondRunHasNothingToDo() {
        assertThat(Migrations.run(settings)).isPositive();
        assertThat(Migrations.run(settings)).isZero();
    }

    @Test
    void replicasThatStartTogetherMigrateOnce() throws Exception {
        Callable<Integer> replica = () -> Migrations.run(settings);
        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            var total = 0;
            for (var run : replicas.invokeAll(List.of(replica, replica, replica, replica))) {
                total += run.get();
            }
            assertThat(total).isPositive().isEqualTo(filesThatWereRun());
        }
    }

    private int filesThatWereRun() {
        try (var database = Database.open(settings, new SimpleMeterRegistry())) {
            return database.plain(db ->
                            db.createGet(
                                            "SELECT CAST(count(DISTINCT version) AS int) FROM flyway_schema_history")
                                    .execute())
                    .map(row -> (int) Row.of(row).integer(1))
                    .orElseThrow();
        }
    }
}
