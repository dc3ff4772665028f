/// Small blocking tools for work on several threads, each of which stands on its own:
/// [dev.heddle.async.Gather] asks several sources at once, [dev.heddle.async.Race] takes the first
/// that succeeds, [dev.heddle.async.Bulkhead] bounds how many work at a time,
/// [dev.heddle.async.Debounce] turns many signals into few actions,
/// [dev.heddle.async.SingleFlightCache] keeps what was expensive, [dev.heddle.async.BatchLoader]
/// loads together what many ask for one by one, and [dev.heddle.async.Leases] lets one of all
/// gateways do what only one may.
///
/// All of them obey the [dev.heddle.rpc.Task] within which they are used: its deadline bounds every
/// wait, its cancellation reaches every thread and every statement, and nothing is left running.
@NullMarked
package dev.heddle.async;

import org.jspecify.annotations.NullMarked;
