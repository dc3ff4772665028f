package dev.heddle.db;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// The row at which a result stands.
final class ResultRow implements Row {
    private final ResultSet result;

    ResultRow(ResultSet result) {
        this.result = result;
    }

    /// A column of the result.
    @FunctionalInterface
    private interface Getter<T> {
        @Nullable T get(int column) throws SQLException;
    }

    @Override
    public String text(int column) {
        return value(column, result::getString);
    }

    @Override
    public long integer(int column) {
        return value(column, result::getLong);
    }

    @Override
    public Timestamp timestamp(int column) {
        OffsetDateTime instant =
                value(column, place -> result.getObject(place, OffsetDateTime.class));
        return JdbcTimestamps.of(instant);
    }

    @Override
    public ByteString bytes(int column) {
        byte[] bytes = value(column, result::getBytes);
        return ByteString.copyFrom(bytes);
    }

    private static <T> T value(int column, Getter<T> getter) {
        try {
            var value = getter.get(column);
            if (value == null) {
                throw new IllegalStateException(
                        "column %d: null (expected: a value)".formatted(column));
            }
            return value;
        } catch (SQLException e) {
            throw new Rows.ReadException("column %d can't be read".formatted(column), e);
        }
    }
}
