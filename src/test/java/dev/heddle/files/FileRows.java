package dev.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.db.Query;
import dev.heddle.db.Rows;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// What is in the tables of a gateway.
final class FileRows {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private FileRows() {}

    static int count(TestGateway gateway, String sql) {
        return Integer.parseInt(texts(gateway, sql).getFirst());
    }

    static List<String> texts(TestGateway gateway, String sql) {
        return gateway.database()
                .plain(db -> Rows.list(db, new Query("test", sql, Map.of()), row -> row.text(1)));
    }

    static void execute(TestGateway gateway, String sql) {
        var _ = gateway.database().plain(db -> db.createUpdate(sql).execute());
    }

    static void await(String what, BooleanSupplier holds) {
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (!holds.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(2_000_000);
        }
        assertThat(holds.getAsBoolean()).as(what).isTrue();
    }
}
