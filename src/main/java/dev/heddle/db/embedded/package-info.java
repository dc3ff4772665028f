/// A real PostgreSQL that Heddle starts, watches and stops itself, for whoever has none to point
/// at.
///
/// Start at [EmbeddedPostgres#start]. A directory holds everything of one database: the unpacked
/// programs (`bin-…`), the database cluster (`cluster`), the log (`postgres.log`) and the lock that
/// keeps a second Heddle out (`lock`).
///
/// *Invariant:* a step that may be killed half-way (unpacking, creating the cluster) works in a
/// directory of another name, which is renamed when it is complete. What bears its final name is
/// whole.
///
/// *Invariant:* PostgreSQL runs with `fsync` and `synchronous_commit` on. Whatever dies, and
/// however, the next start recovers each commit that was acknowledged.
@NullMarked
package dev.heddle.db.embedded;

import org.jspecify.annotations.NullMarked;
