package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/// Connections that are closed together.
public final class Connections implements AutoCloseable {
    private final List<AutoCloseable> all = new ArrayList<>();

    public <T extends AutoCloseable> T add(T connection) {
        all.add(connection);
        return connection;
    }

    @Override
    public void close() {
        for (var connection : all) {
            try {
                connection.close();
            } catch (Exception e) {
                System.err.printf("a connection can't be closed: %s%n", e);
            }
        }
    }
}
