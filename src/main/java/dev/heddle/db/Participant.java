package dev.heddle.db;

import io.helidon.dbclient.DbExecute;

/// Something that takes part in a transaction besides its statements; see [Database#participant].
public interface Participant {
    /// What makes a statement the last of its transaction: it is committed in the same round trip.
    /// Where the statement fails, the server passes it over.
    String COMMIT = "; COMMIT";

    /// Writes what is to be written last. What it throws rolls the transaction back.
    ///
    /// @param commit what to put behind the last statement: [#COMMIT], or nothing where others
    ///   write yet
    /// @return whether it has put it there
    boolean beforeCommit(DbExecute db, String commit);

    /// Learns that the transaction has been committed. Must neither wait nor fail.
    void afterCommit();
}
