package dev.heddle.db;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.helidon.dbclient.DbRow;

/// A row of DbClient's, which holds what the driver makes of each column.
record ClientRow(DbRow row) implements Row {
    @Override
    public String text(int column) {
        return value(column, Object.class).toString();
    }

    @Override
    public long integer(int column) {
        return value(column, Number.class).longValue();
    }

    @Override
    public Timestamp timestamp(int column) {
        return JdbcTimestamps.of(value(column, java.sql.Timestamp.class));
    }

    @Override
    public ByteString bytes(int column) {
        return ByteString.copyFrom(value(column, byte[].class));
    }

    private <T> T value(int column, Class<T> type) {
        T value = row.column(column).get(type);
        if (value == null) {
            throw new IllegalStateException(
                    "column %d: null (expected: a value)".formatted(column));
        }
        return value;
    }
}
