package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.db.PoolSettings;
import java.time.Duration;

/// The connections that the feed has for itself.
final class FeedPool {
    /// One to sequence and to follow, one for the upkeep, and one to spare.
    private static final int OWN = 3;

    /// What piled up while no replica ran is sequenced in one statement.
    private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(10);

    private FeedPool() {}

    static Database.Settings of(Database.Settings database, Settings settings) {
        var pool = database.pool();
        return database.withStatementTimeout(STATEMENT_TIMEOUT)
                .withPool(
                        new PoolSettings(
                                1,
                                OWN + settings.maxCatchUps(),
                                pool.acquireTimeout(),
                                pool.maxLifetime(),
                                pool.idleTimeout(),
                                pool.keepAlive(),
                                pool.validationTimeout()));
    }
}
