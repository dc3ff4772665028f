/// Reports on the store, for people, and statistics: `heddle.reports.v1.ReportService`.
///
/// Begin with [ReportService]. It reads what other features keep and writes nothing. `Kind` says
/// which reports there are and what is in each; `ReportStream` runs the queries of one and sends
/// its pages, as `Html` writes them; `Summary` computes statistics. All SQL is in `ReportStore`.
@NullMarked
package dev.heddle.reports;

import org.jspecify.annotations.NullMarked;
