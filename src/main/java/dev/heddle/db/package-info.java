/// PostgreSQL, through Helidon's DbClient.
///
/// [Database] runs a body of statements within a transaction, a snapshot or a plain connection, and
/// several at once within one snapshot ([SharedSnapshot]), which the call's deadline and
/// cancellation reach; [Rows] reads results too large for DbClient's rows; [Filter], [OrderBy],
/// [Keyset] and [PageTokens] are what a List method needs; [RequestIds] makes a repeated write
/// harmless; [Migrations] brings the schema up to date.
@NullMarked
package dev.heddle.db;

import org.jspecify.annotations.NullMarked;
