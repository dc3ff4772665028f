/// Work that is done in the background, survives crashes, and can be seen and steered:
/// `heddle.jobs.v1.JobService`.
///
/// Begin with [Jobs], which takes jobs within the caller's transaction, and [JobHandler], which
/// does them. db-scheduler triggers: it picks what is due ([TriggerStore]), keeps heartbeats and
/// finds the jobs of gateways that are gone. All else is in tables of our own ([JobStore]).
///
/// ```
/// enqueue ─► jobs + scheduled_tasks ─► pick ─► Runner ─► JobHandler ─► Outcome ─► Ledger
///                                       ▲                                          │ one transaction
///                                       └──────── next attempt ◄───────────────────┘ for many
/// ```
@NullMarked
package dev.heddle.jobs;

import org.jspecify.annotations.NullMarked;
