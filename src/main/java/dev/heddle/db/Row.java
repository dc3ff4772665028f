package dev.heddle.db;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.helidon.dbclient.DbRow;

/// A row of a result, without nulls: one way to turn it into a message, whether it came from
/// DbClient or from [Rows]. Columns count from 1.
public interface Row {
    /// The value of a column as text; an id, such as a `uuid`, in its canonical form.
    String text(int column);

    /// The value of a column of whole numbers.
    long integer(int column);

    /// The value of a column of type `timestamptz`.
    Timestamp timestamp(int column);

    /// The value of a column of type `bytea`.
    ByteString bytes(int column);

    /// A row of DbClient's.
    static Row of(DbRow row) {
        return new ClientRow(row);
    }
}
