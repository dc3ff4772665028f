package dev.heddle.db.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EmbeddedPostgresTest {
    private Path directory;

    @BeforeEach
    void createDirectory() throws Exception {
        directory = TestPostgres.newDirectory();
    }

    @Test
    void firstStartCreatesTheDatabase() throws Exception {
        for (int i = 0; i < 3; i++) {
            long t = System.nanoTime();
            try (var server = EmbeddedPostgres.start(directory, TestPostgres.settings())) {
                System.out.println("start " + (System.nanoTime() - t) / 1_000_000);
                try (var c = TestPostgres.database(server).connect()) {
                    assertThat(c.isValid(1)).isTrue();
                }
                t = System.nanoTime();
            }
            System.out.println("stop " + (System.nanoTime() - t) / 1_000_000);
        }
        long t = System.nanoTime();
        TestPostgres.createDatabase();
        System.out.println("shared " + (System.nanoTime() - t) / 1_000_000);
        t = System.nanoTime();
        TestPostgres.createDatabase();
        System.out.println("db " + (System.nanoTime() - t) / 1_000_000);
    }
}
