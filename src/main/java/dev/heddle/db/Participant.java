package dev.heddle.db;

import io.helidon.dbclient.DbExecute;

/// Something that takes part in a transaction besides its statements; see [Database#participant].
public interface Participant {
    /// Writes what is to be written last. What it throws rolls the transaction back.
    void beforeCommit(DbExecute db);

    /// Learns that the transaction has been committed. Must neither wait nor fail.
    void afterCommit();
}
