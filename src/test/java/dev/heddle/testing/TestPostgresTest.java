package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestPostgresTest {
    @Test
    void databasesAreApart() throws Exception {
        try (var first = TestPostgres.createDatabase().connect();
                var second = TestPostgres.createDatabase().connect();
                var statement = first.createStatement()) {
            statement.execute("CREATE TABLE kept (id int)");
            var tables = second.getMetaData().getTables(null, "public", "%", null);
            assertThat(tables.next()).isFalse();
        }
    }
}
