package dev.heddle.feed;

import io.helidon.dbclient.DbExecute;

/// What is to be done for each event of some topics: once, in their order, by one replica at a
/// time.
@FunctionalInterface
public interface EventHandler {
    /// Handles an event. What it writes is committed together with the note that it has handled the
    /// event: so it is done exactly once. What it does elsewhere may be done again after a crash.
    ///
    /// @param db of the transaction; the handler holds a connection, so it must not wait long for
    ///   others
    /// @throws Exception to be called again later, after growing pauses; after the last attempt the
    ///   event is parked and the handler goes on with the next
    void handle(FeedEvent event, DbExecute db) throws Exception;
}
