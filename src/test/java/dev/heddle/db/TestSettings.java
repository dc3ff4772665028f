package dev.heddle.db;

import dev.heddle.testing.TestPostgres;
import java.time.Duration;

/// Settings for tests.
final class TestSettings {
    private TestSettings() {}

    /// A pool that is exhausted soon.
    static PoolSettings pool(int max) {
        return new PoolSettings(
                0,
                max,
                Duration.ofMillis(500),
                Duration.ofMinutes(30),
                Duration.ofMinutes(10),
                Duration.ofMinutes(2),
                Duration.ofMillis(250));
    }

    static Database.Settings of(TestPostgres.Database postgres, int max) {
        return of(postgres.jdbcUrl(), postgres, max);
    }

    static Database.Settings of(String url, TestPostgres.Database postgres, int max) {
        return Database.Settings.of(url, postgres.username(), postgres.password())
                .withPool(pool(max));
    }
}
