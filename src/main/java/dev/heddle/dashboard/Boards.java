package dev.heddle.dashboard;

import com.google.protobuf.Timestamp;
import dev.heddle.async.Gather;
import dev.heddle.async.SingleFlightCache;
import dev.heddle.dashboard.v1.Dashboard;
import dev.heddle.db.Database;
import dev.heddle.db.Digests;
import dev.heddle.db.SharedSnapshot;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FreshCache;
import dev.heddle.feed.Topics;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Computes the dashboard: once for all who ask at the same time, and not again before something
/// has changed or another hour has begun.
final class Boards {
    /// What tells of all that a dashboard shows.
    static final Topics TOPICS = new Topics(Set.of("users", "products", "orders"), List.of());

    private static final int ETAG_BYTES = 16;
    private static final int HOURS = 24;

    private final Database database;
    private final Clock clock;
    private final int parallelism;
    private final FreshCache<Instant, Board> boards;
    private final DashboardStore store = new DashboardStore();
    private final AtomicLong computations = new AtomicLong();

    /// @param parallelism how many statements run at once
    Boards(
            Database database,
            Feed feed,
            Clock clock,
            int parallelism,
            SingleFlightCache.Settings cache) {
        this.database = database;
        this.clock = clock;
        this.parallelism = parallelism;
        this.boards = new FreshCache<>("the dashboard", feed, cache);
    }

    /// A dashboard that shows all that was committed before this was called.
    Board current() {
        var hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
        return boards.get(hour, TOPICS, () -> compute(hour)).value();
    }

    /// How often a dashboard was computed.
    long computations() {
        return computations.get();
    }

    private Board compute(Instant hour) {
        var number = computations.incrementAndGet();
        var time = Times.now(clock);
        var since = hour.minus(HOURS - 1, ChronoUnit.HOURS);
        return Board.of(number, database.sharedSnapshot(snapshot -> read(snapshot, since, time)));
    }

    private Dashboard read(SharedSnapshot snapshot, Instant since, Timestamp time) {
        try (var gather = Gather.open(parallelism)) {
            var orders = gather.fork("orders by state", () -> snapshot.read(store::orders));
            var hours = gather.fork("hours", () -> snapshot.read(db -> store.sales(db, since)));
            var top = gather.fork("top products", () -> snapshot.read(db -> store.top(db, since)));
            var latest = gather.fork("latest orders", () -> snapshot.read(store::latest));
            var users = gather.fork("users", () -> snapshot.read(store::users));
            var products = gather.fork("products", () -> snapshot.read(store::products));
            var dashboard =
                    Dashboard.newBuilder()
                            .setUsers(users.value())
                            .setProducts(products.value().all())
                            .setProductsOutOfStock(products.value().outOfStock())
                            .addAllOrders(orders.value())
                            .addAllHours(Hours.of(since, HOURS, hours.value()))
                            .addAllTopProducts(top.value())
                            .addAllLatestOrders(latest.value())
                            .build();
            return dashboard.toBuilder().setEtag(etag(dashboard)).setReadTime(time).build();
        }
    }

    /// The same wherever the same is shown: there are no maps in a dashboard.
    private static String etag(Dashboard dashboard) {
        return HexFormat.of().formatHex(Digests.sha256(dashboard.toByteArray()), 0, ETAG_BYTES);
    }
}
