package dev.heddle.dashboard;

import dev.heddle.dashboard.v1.Dashboard;
import dev.heddle.dashboard.v1.WatchDashboardResponse;
import dev.heddle.rpc.Shared;

/// A dashboard that was computed.
///
/// @param number counts the computations of a process: that of a later one is greater
/// @param dashboard what it shows
/// @param told the same for those who watch, encoded once for all of them
record Board(long number, Dashboard dashboard, Shared<WatchDashboardResponse> told) {
    static Board of(long number, Dashboard dashboard) {
        var told =
                WatchDashboardResponse.newBuilder()
                        .setToken(dashboard.getEtag())
                        .setDashboard(dashboard)
                        .build();
        return new Board(number, dashboard, Shared.of(told));
    }

    String token() {
        return dashboard.getEtag();
    }
}
