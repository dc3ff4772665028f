package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.type.Money;
import dev.heddle.dashboard.v1.Dashboard;
import dev.heddle.dashboard.v1.Dashboard.OrderCount;
import dev.heddle.dashboard.v1.DashboardServiceGrpc;
import dev.heddle.dashboard.v1.GetDashboardRequest;
import dev.heddle.dashboard.v1.WatchDashboardRequest;
import dev.heddle.dashboard.v1.WatchDashboardResponse;
import dev.heddle.money.Amounts;
import dev.heddle.orders.v1.Order.State;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.ShopCalls;
import dev.heddle.testing.StoreCalls;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DashboardServiceTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final BigDecimal PRICE = new BigDecimal("9.99");

    private final ShopCalls shop = new ShopCalls();
    private final DashboardService service =
            new DashboardService(
                    shop.store().database(),
                    shop.store().feed(),
                    new DashboardService.Settings(
                            Duration.ofMillis(20),
                            Duration.ofMillis(200),
                            Duration.ofSeconds(15),
                            4),
                    shop.store().clock());
    private final Calls calls = Calls.of(service);
    private final List<Watch> watches = new ArrayList<>();

    @AfterEach
    void nobodyWatchesAnyMore() {
        watches.forEach(Watch::close);
        assertThat(service.watchers()).isZero();
        shop.close();
    }

    /// Somebody who watches, and takes a message as soon as there is a permit for it.
    private final class Watch implements AutoCloseable {
        private final BlockingQueue<WatchDashboardResponse> received = new LinkedBlockingQueue<>();
        private final Semaphore permits;
        private final Call call =
                calls.open(DashboardServiceGrpc.getWatchDashboardMethod(), Optional.empty());
        private final CompletableFuture<Void> ended;

        private Watch(String from, int permits) {
            this.permits = new Semaphore(permits);
            this.ended = CompletableFuture.runAsync(() -> run(from), Thread::startVirtualThread);
        }

        private void run(String from) {
            try {
                calls.run(
                        call,
                        DashboardServiceGrpc.getWatchDashboardMethod(),
                        WatchDashboardRequest.newBuilder().setFrom(from).build(),
                        message -> {
                            permits.acquireUninterruptibly();
                            received.add(message);
                        });
            } catch (RpcException e) {
                assertThat(call.isCancelled()).isTrue();
            }
        }

        private WatchDashboardResponse next() throws InterruptedException {
            return Objects.requireNonNull(
                    received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing came");
        }

        /// The next dashboard in which there are so many orders.
        private Dashboard with(long orders) throws InterruptedException {
            while (true) {
                var message = next();
                if (DashboardServiceTest.orders(message.getDashboard()) == orders) {
                    return message.getDashboard();
                }
            }
        }

        @Override
        public void close() {
            call.cancelByCaller();
            permits.release(1000);
            ended.join();
        }
    }

    private Watch watch(String from, int permits) {
        var watch = new Watch(from, permits);
        watches.add(watch);
        return watch;
    }

    private Watch watch() {
        return watch("", 1_000_000);
    }

    private Dashboard get() {
        return calls.unary(
                DashboardServiceGrpc.getGetDashboardMethod(),
                GetDashboardRequest.getDefaultInstance());
    }

    private static long orders(Dashboard dashboard) {
        return dashboard.getOrdersList().stream().mapToLong(OrderCount::getCount).sum();
    }

    private static long orders(Dashboard dashboard, State state) {
        return dashboard.getOrdersList().stream()
                .filter(count -> count.getState() == state)
                .mapToLong(OrderCount::getCount)
                .sum();
    }

    @Test
    void dashboardShowsTheStore() {
        var chair = shop.store().create("Chair", 10);
        var table = shop.store().create("Table", 3);
        shop.store().create("Lamp", 0);
        shop.place(chair.getId(), 2);
        shop.pay(shop.place(chair.getId(), 1).getId());
        shop.cancel(shop.place(chair.getId(), 3).getId());
        var last = shop.place(table.getId(), 3);

        var dashboard = get();

        assertThat(dashboard.getUsers()).isZero();
        assertThat(dashboard.getProducts()).isEqualTo(3);
        assertThat(dashboard.getProductsOutOfStock()).isEqualTo(2);
        assertThat(dashboard.getOrdersList())
                .extracting(OrderCount::getState, OrderCount::getCount)
                .containsExactly(
                        tuple(State.STATE_PLACED, 2L),
                        tuple(State.STATE_PAID, 1L),
                        tuple(State.STATE_CANCELLED, 1L));
        assertThat(dashboard.getHoursList()).hasSizeBetween(24, 25);
        assertThat(dashboard.getHoursList())
                .extracting(hour -> hour.getStartTime().getSeconds() % 3600)
                .containsOnly(0L);
        assertThat(total(dashboard, Dashboard.Hour::getRevenueList)).isEqualTo(PRICE);
        assertThat(total(dashboard, Dashboard.Hour::getOutstandingList))
                .isEqualTo(PRICE.multiply(BigDecimal.valueOf(5)));
        assertThat(dashboard.getTopProductsList())
                .extracting(Dashboard.ProductSales::getName, Dashboard.ProductSales::getQuantity)
                .containsExactlyInAnyOrder(tuple("Chair", 3L), tuple("Table", 3L));
        assertThat(dashboard.getLatestOrdersList()).hasSize(4);
        assertThat(dashboard.getLatestOrders(0).getId()).isEqualTo(last.getId());
        assertThat(dashboard.getLatestOrders(0).getTotal()).isEqualTo(last.getTotal());
    }

    /// Each order is of one item at the same price, so that every part can be told from another.
    @Test
    void partsAddUpWhileOrdersComeAndGo() throws Exception {
        var chair = shop.store().create("Chair", 1_000_000);
        var isOver = new AtomicBoolean();
        Callable<Integer> buyer =
                () -> {
                    for (var i = 0; ; i++) {
                        if (isOver.get()) {
                            return i;
                        }
                        var placed = shop.place(chair.getId(), 1).getId();
                        if (i % 3 == 0) {
                            shop.pay(placed);
                        } else if (i % 3 == 1) {
                            shop.cancel(placed);
                        }
                    }
                };
        Callable<Integer> reader =
                () -> {
                    try {
                        for (var i = 0; i < 25; i++) {
                            assertAddsUp(get());
                        }
                        return 0;
                    } finally {
                        isOver.set(true);
                    }
                };

        var made = StoreCalls.together(List.of(reader, buyer, buyer, buyer));

        assertThat(orders(get())).isEqualTo(made.stream().mapToInt(Integer::intValue).sum());
    }

    private static void assertAddsUp(Dashboard dashboard) {
        var paid = orders(dashboard, State.STATE_PAID);
        var placed = orders(dashboard, State.STATE_PLACED);
        assertThat(dashboard.getHoursList().stream().mapToLong(Dashboard.Hour::getOrders).sum())
                .isEqualTo(orders(dashboard));
        assertThat(total(dashboard, Dashboard.Hour::getRevenueList))
                .isEqualByComparingTo(PRICE.multiply(BigDecimal.valueOf(paid)));
        assertThat(total(dashboard, Dashboard.Hour::getOutstandingList))
                .isEqualByComparingTo(PRICE.multiply(BigDecimal.valueOf(placed)));
        assertThat(
                        dashboard.getTopProductsList().stream()
                                .mapToLong(Dashboard.ProductSales::getQuantity)
                                .sum())
                .isEqualTo(paid + placed);
        assertThat(dashboard.getLatestOrdersCount())
                .isEqualTo((int) Math.min(10, orders(dashboard)));
    }

    private static BigDecimal total(
            Dashboard dashboard, Function<Dashboard.Hour, List<Money>> amounts) {
        return dashboard.getHoursList().stream()
                .flatMap(hour -> amounts.apply(hour).stream())
                .map(Amounts::of)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .stripTrailingZeros();
    }

    @Test
    void whoAskAtOnceShareAComputationAndSoDoLaterOnesUntilSomethingHappens() throws Exception {
        var chair = shop.store().create("Chair", 10);

        var boards = StoreCalls.together(Collections.<Callable<Dashboard>>nCopies(100, this::get));

        assertThat(boards).containsOnly(boards.getFirst());
        assertThat(service.computations()).isOne();
        assertThat(get()).isEqualTo(boards.getFirst());
        assertThat(service.computations()).isOne();
        shop.place(chair.getId(), 1);
        assertThat(orders(get())).isOne();
        assertThat(service.computations()).isEqualTo(2);
    }

    @Test
    void manyWatchersShareAComputation() throws Exception {
        var chair = shop.store().create("Chair", 100);
        for (var i = 0; i < 50; i++) {
            watch();
        }
        for (var watch : watches) {
            assertThat(orders(watch.with(0))).isZero();
        }
        assertThat(service.computations()).isOne();

        shop.place(chair.getId(), 1);

        for (var watch : watches) {
            assertThat(watch.with(1).getLatestOrdersCount()).isOne();
        }
        assertThat(service.computations()).isEqualTo(2);
    }

    @Test
    void nothingIsComputedWhileNobodyWatches() throws Exception {
        var chair = shop.store().create("Chair", 100);
        try (var watch = watch()) {
            watch.with(0);
        }
        assertThat(service.watchers()).isZero();
        var before = service.computations();

        shop.place(chair.getId(), 1);
        shop.store().feed().sequence();

        assertThat(service.computations()).isEqualTo(before);
        assertThat(watch().with(1).getProducts()).isOne();
    }

    @Test
    void busySourceDoesNotStarveWhoWatches() throws Exception {
        var chair = shop.store().create("Chair", 1_000_000);
        var isOver = new AtomicBoolean();
        var watch = watch();
        watch.with(0);
        var buyer =
                CompletableFuture.runAsync(
                        () -> {
                            while (!isOver.get()) {
                                shop.place(chair.getId(), 1);
                            }
                        },
                        Thread::startVirtualThread);

        var seen = new ArrayList<Long>();
        while (seen.size() < 4) {
            var next = watch.next();
            seen.add(orders(next.getDashboard()));
        }
        isOver.set(true);
        buyer.get();

        assertThat(seen).isSortedAccordingTo(Comparator.naturalOrder()).doesNotHaveDuplicates();
    }

    @Test
    void slowWatcherGetsTheNewestAlone() throws Exception {
        var chair = shop.store().create("Chair", 100);
        var slow = watch("", 1);
        var quick = watch();
        slow.with(0);
        for (var i = 1; i <= 5; i++) {
            shop.place(chair.getId(), 1);
            quick.with(i);
        }

        slow.permits.release(2);

        // the one that it had begun to take when it stopped, and the last
        slow.with(1);
        var next = slow.next();
        assertThat(orders(next.getDashboard())).isEqualTo(5);
    }

    @Test
    void watcherWhoHasTheDashboardGetsTheNextOne() throws Exception {
        var chair = shop.store().create("Chair", 100);
        var etag = get().getEtag();

        var watch = watch(etag, 1000);

        var first = watch.next();
        assertThat(first.hasBookmark()).isTrue();
        assertThat(first.getToken()).isEqualTo(etag);
        shop.place(chair.getId(), 1);
        assertThat(watch.with(1).getEtag()).isNotEqualTo(etag);
    }

    @Test
    void refreshThatFailsIsTriedAgain() throws Exception {
        shop.store().create("Chair", 100);
        var watch = watch();
        watch.with(0);
        rename("order_lines", "hidden_lines");
        var before = service.computations();
        shop.store().create("Table", 1);
        while (service.computations() == before) {
            LockSupport.parkNanos(1_000_000);
        }
        rename("hidden_lines", "order_lines");

        var next = watch.next();
        assertThat(next.getDashboard().getProducts()).isEqualTo(2);
    }

    private void rename(String from, String to) {
        var _ =
                shop.store()
                        .database()
                        .plain(db -> db.dml("ALTER TABLE %s RENAME TO %s".formatted(from, to)));
    }
}
