/// The store at a glance: `heddle.dashboard.v1.DashboardService`.
///
/// Begin with [DashboardService]. It reads what other features keep and writes nothing: `Boards`
/// makes a dashboard, all of it from one snapshot, and `LiveBoard` makes it again for those who
/// watch, as long as anybody does. All SQL is in `DashboardStore`.
@NullMarked
package dev.heddle.dashboard;

import org.jspecify.annotations.NullMarked;
