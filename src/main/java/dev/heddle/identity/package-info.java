/// Credentials that the gateway gives out itself, and the end of any credentials: API keys, tickets
/// and revocations. They are kept in the database, so that every replica knows them; what is
/// revoked is told to all by the feed.
///
/// Begin with [Identity]. How credentials are verified is in `dev.heddle.security`.
@NullMarked
package dev.heddle.identity;

import org.jspecify.annotations.NullMarked;
