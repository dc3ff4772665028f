package dev.heddle.dashboard;

import dev.heddle.async.Debounce;
import dev.heddle.async.SingleFlightCache;
import dev.heddle.dashboard.v1.Dashboard;
import dev.heddle.dashboard.v1.DashboardServiceGrpc;
import dev.heddle.dashboard.v1.GetDashboardRequest;
import dev.heddle.dashboard.v1.WatchDashboardRequest;
import dev.heddle.dashboard.v1.WatchDashboardResponse;
import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.Rpcs;
import java.time.Clock;
import java.time.Duration;

/// Serves `heddle.dashboard.v1.DashboardService`; what each method promises is in
/// `proto/heddle/dashboard/v1/dashboard.proto`.
public final class DashboardService implements Rpcs.Service {
    /// This hour's dashboard, and the last one's while it is still asked for.
    private static final int MAX_KEPT = 2;

    private final Feed feed;
    private final Boards boards;
    private final LiveBoard live;

    /// How the dashboard is computed.
    ///
    /// @param refreshQuiet for those who watch: how long changes must pause before it is computed
    ///   anew; at least 1 ms, default 250 ms; key `dashboard.refresh-quiet`
    /// @param refreshMaxWait how long that is put off at most where they never pause; at least
    ///   `refresh-quiet`, default 2 s; key `dashboard.refresh-max-wait`
    /// @param timeout how long a computation may take; more than zero, default 15 s; key
    ///   `dashboard.timeout`
    /// @param parallelism how many of its statements run at once, on as many connections as are
    ///   free; 1 to 100, default 4; key `dashboard.parallelism`
    public record Settings(
            Duration refreshQuiet, Duration refreshMaxWait, Duration timeout, int parallelism) {
        public static final Settings DEFAULT =
                new Settings(
                        Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(15), 4);

        public Settings {
            check(refreshQuiet.toMillis() >= 1, "refresh-quiet", refreshQuiet, ">= 1 ms");
            check(
                    refreshMaxWait.compareTo(refreshQuiet) >= 0,
                    "refresh-max-wait",
                    refreshMaxWait,
                    ">= dashboard.refresh-quiet");
            check(timeout.isPositive(), "timeout", timeout, "> 0");
            check(parallelism >= 1 && parallelism <= 100, "parallelism", parallelism, "1 to 100");
        }

        private static void check(boolean valid, String key, Object value, String expected) {
            if (!valid) {
                throw new IllegalArgumentException(
                        "dashboard.%s: %s (expected: %s)".formatted(key, value, expected));
            }
        }
    }

    public DashboardService(Database database, Feed feed, Settings settings, Clock clock) {
        this.feed = feed;
        this.boards =
                new Boards(
                        database,
                        feed,
                        clock,
                        settings.parallelism(),
                        new SingleFlightCache.Settings(
                                Policy.of(DashboardServiceGrpc.getGetDashboardMethod())
                                        .cacheTtl()
                                        .orElseThrow(),
                                MAX_KEPT,
                                settings.timeout()));
        this.live =
                new LiveBoard(
                        feed,
                        boards,
                        new Debounce.Settings(
                                settings.refreshQuiet(),
                                settings.refreshMaxWait(),
                                settings.timeout()));
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(DashboardServiceGrpc.getGetDashboardMethod(), this::get)
                .serverStreaming(DashboardServiceGrpc.getWatchDashboardMethod(), this::watch);
    }

    Dashboard get(GetDashboardRequest request, Call call) {
        return boards.current().dashboard();
    }

    void watch(WatchDashboardRequest request, Outbound<WatchDashboardResponse> out, Call call)
            throws InterruptedException {
        try (var watcher = live.join();
                var _ = call.onDrain(watcher::stop)) {
            new DashboardWatch(out, request.getFrom(), feed.bookmarkInterval())
                    .run(watcher, boards.current());
        }
    }

    /// How often the dashboard was computed.
    long computations() {
        return boards.computations();
    }

    /// How many watch it.
    int watchers() {
        return live.watchers();
    }
}
