/// The event feed: one durable, ordered log in PostgreSQL, the base of everything live.
///
/// - **Publish**: [Feed#publish] within a transaction. The event is there exactly if the
///   transaction is.
/// - **Read**: [Feed#open] yields a [Cursor], which can go on from the [Token] of any event, on any
///   replica.
/// - **Handle**: [EventHandler], for what must be done once for each event.
///
/// The invariant: if any reader can see position n, then every position from the floor to n is
/// visible, immutable and dense to all readers; a topic's order is the order in which its
/// conflicting writers committed; a token is accepted only if the event that it names is the same.
///
/// Begin with [Feed]. The SQL is in `FeedStore` and in `db/migration/V3__feed.sql`.
@NullMarked
package dev.heddle.feed;

import org.jspecify.annotations.NullMarked;
