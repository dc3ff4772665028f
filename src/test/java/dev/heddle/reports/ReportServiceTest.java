package dev.heddle.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.HttpBody;
import dev.heddle.async.CpuPool;
import dev.heddle.reports.v1.GenerateReportRequest;
import dev.heddle.reports.v1.GetStatisticsRequest;
import dev.heddle.reports.v1.ReportServiceGrpc;
import dev.heddle.reports.v1.Statistics;
import dev.heddle.rpc.Call;
import dev.heddle.testing.Calls;
import dev.heddle.testing.ShopCalls;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReportServiceTest {
    private final ShopCalls shop = new ShopCalls();
    private final CpuPool processors = new CpuPool(new CpuPool.Settings(1, 4));
    private final ReportService service = service(ReportService.Settings.DEFAULT);
    private final Calls calls = Calls.of(service);

    private ReportService service(ReportService.Settings settings) {
        return new ReportService(
                shop.store().database(),
                shop.store().feed(),
                processors,
                settings,
                shop.store().clock());
    }

    @AfterEach
    void close() {
        processors.close();
        shop.close();
    }

    private Statistics statistics(String kind) {
        return calls.unary(
                ReportServiceGrpc.getGetStatisticsMethod(),
                GetStatisticsRequest.newBuilder().setKind(kind).build());
    }

    private String generate(String kind) {
        var html = new StringBuilder();
        calls.stream(
                        ReportServiceGrpc.getGenerateReportMethod(),
                        GenerateReportRequest.newBuilder().setKind(kind).build())
                .forEach(piece -> html.append(piece.getData().toStringUtf8()));
        return html.toString();
    }

    private boolean generate(Call call, BlockingQueue<HttpBody> pieces) {
        calls.run(
                call,
                ReportServiceGrpc.getGenerateReportMethod(),
                GenerateReportRequest.newBuilder().setKind("sales").build(),
                pieces::add);
        return true;
    }

    @Test
    void everyReportIsCompleteWithDataAndWithout() {
        for (var kind : Kind.values()) {
            assertThat(generate(kind.text()))
                    .contains("There is nothing to show")
                    .endsWith("</html>\n");
            assertThat(statistics(kind.text()).getSeriesList()).isEmpty();
        }
        var chair = shop.store().create("Chair <&> \"Co\"", 10);
        shop.pay(shop.place(chair.getId(), 2).getId());

        assertThat(generate("sales"))
                .contains(
                        "<td class=\"number\">19.98</td>",
                        ">paid<",
                        "Chair &lt;&amp;&gt; &quot;Co&quot;")
                .doesNotContain("There is nothing to show");
        assertThat(generate("inventory")).contains("<td class=\"number\">79.92</td>");
        assertThat(generate("users")).contains("dir=\"auto\">ada</td>");
    }

    @Test
    void reportThatIsNotThereIsNamedWithThoseThatAre() {
        for (var failure :
                List.of(
                        Calls.failure(() -> generate("nothing")),
                        Calls.failure(() -> statistics("nothing")))) {
            assertThat(failure.code()).isEqualTo(Code.NOT_FOUND);
            assertThat(failure.reason()).contains("REPORT_NOT_FOUND");
            assertThat(failure.message()).endsWith("(expected: sales, inventory, users)");
        }
    }

    /// The third section of the sales waits for a table that somebody has locked.
    @Test
    void sectionsComeAsSoonAsTheyAreThere() throws Exception {
        BlockingQueue<HttpBody> pieces = new LinkedBlockingQueue<>();
        try (var lock = Lock.of(shop, "order_lines")) {
            var call = calls.open(ReportServiceGrpc.getGenerateReportMethod(), Optional.empty());
            var ended = inBackground(() -> generate(call, pieces));

            assertThat(next(pieces)).contains("<h1>Sales</h1>");
            assertThat(next(pieces)).contains("Orders by state");
            assertThat(next(pieces)).contains("The last 14 days");
            assertThat(ended).isNotDone();
            assertThat(pieces).isEmpty();
            lock.release();
            assertThat(next(pieces)).contains("Best-selling products");
            assertThat(next(pieces)).contains("Latest orders");
            assertThat(next(pieces)).contains("</html>");
            ended.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void cancellationReachesTheQueriesOfAReport() throws Exception {
        BlockingQueue<HttpBody> pieces = new LinkedBlockingQueue<>();
        try (var _ = Lock.of(shop, "order_lines")) {
            var call = calls.open(ReportServiceGrpc.getGenerateReportMethod(), Optional.empty());
            var ended = inBackground(() -> Calls.failure(() -> generate(call, pieces)));
            for (var i = 0; i < 3; i++) {
                next(pieces);
            }

            call.cancelByCaller();

            assertThat(ended.get(20, TimeUnit.SECONDS).code()).isEqualTo(Code.CANCELLED);
            // the lock's
            assertThat(shop.store().database().busyConnections()).isOne();
        }
    }

    @Test
    void reportThatFailsSaysSoToItsReaderAndFails() throws Exception {
        shop.store().database().plain(db -> db.dml("ALTER TABLE order_lines RENAME TO hidden"));
        var html = new StringBuilder();
        var call = calls.open(ReportServiceGrpc.getGenerateReportMethod(), Optional.empty());

        var failure =
                Calls.failure(() ->
                        calls.run(
                                call,
                                ReportServiceGrpc.getGenerateReportMethod(),
                                GenerateReportRequest.newBuilder().setKind("sales").build(),
                                piece -> html.append(piece.getData().toStringUtf8())));

        assertThat(failure.code()).isEqualTo(Code.INTERNAL);
        assertThat(html)
                .contains("The last 14 days", "role=\"alert\">This report ends here")
                .doesNotContain("Latest orders</h2>", "</html>", "order_lines");
    }

    @Test
    void statisticsAreOfTheOrders() {
        var chair = shop.store().create("Chair", 100);
        for (var quantity = 1; quantity <= 5; quantity++) {
            shop.place(chair.getId(), quantity);
        }
        shop.cancel(shop.place(chair.getId(), 50).getId());

        var series = statistics("sales").getSeries(0);

        assertThat(series.getName()).isEqualTo("EUR");
        assertThat(series.getCount()).isEqualTo(5);
        assertThat(series.getMax()).isEqualTo(49.95);
        assertThat(series.getQuantiles(2).getValue()).isEqualTo(29.97);
        assertThat(statistics("inventory").getSeries(0).getMax()).isEqualTo(85);
    }

    @Test
    void hundredCallersComputeOnceAndTheNextIsToldHowOldItIs() throws Exception {
        shop.place(shop.store().create("Chair", 10).getId(), 1);

        var answers =
                StoreCalls.together(
                        Collections.<Callable<Statistics>>nCopies(100, () -> statistics("sales")));

        assertThat(service.computations()).isOne();
        assertThat(answers)
                .extracting(Statistics::getSeriesList)
                .containsOnly(answers.getFirst().getSeriesList());
        var later = statistics("sales");
        assertThat(later.getCached()).isTrue();
        assertThat(later.getAge().getNanos() + later.getAge().getSeconds()).isPositive();
        assertThat(later.getReadTime()).isEqualTo(answers.getFirst().getReadTime());
        shop.store().create("Table", 1);
        assertThat(statistics("sales").getCached()).isTrue();
        assertThat(service.computations()).isOne();
    }

    @Test
    void answerShowsEveryOrderThatWasPlacedBefore() throws Exception {
        var chair = shop.store().create("Chair", 1000);
        var writers = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 4; i++) {
            writers.add(() -> {
                var own = 0;
                for (var round = 0; round < 15; round++) {
                    shop.place(chair.getId(), 1);
                    own++;
                    assertThat(statistics("sales").getSeries(0).getCount())
                            .isGreaterThanOrEqualTo(own);
                }
                return own;
            });
        }

        var placed = StoreCalls.together(writers).stream().mapToInt(Integer::intValue).sum();

        assertThat(statistics("sales").getSeries(0).getCount()).isEqualTo(placed);
    }

    /// The statistics have been read, and not computed, when an order is placed.
    @Test
    void computationThatBeganBeforeAnOrderIsNotForWhoAskAfterIt() throws Exception {
        var chair = shop.store().create("Chair", 10);
        shop.place(chair.getId(), 1);
        var go = new CountDownLatch(1);
        var blocking = block(go);
        var before = inBackground(() -> statistics("sales"));
        awaitWaiting();

        shop.place(chair.getId(), 1);
        var after = inBackground(() -> statistics("sales"));
        go.countDown();

        assertThat(before.get(20, TimeUnit.SECONDS).getSeries(0).getCount()).isOne();
        assertThat(after.get(20, TimeUnit.SECONDS).getSeries(0).getCount()).isEqualTo(2);
        assertThat(statistics("sales").getSeries(0).getCount()).isEqualTo(2);
        assertThat(service.computations()).isEqualTo(2);
        blocking.get(20, TimeUnit.SECONDS);
    }

    @Test
    void cancellationOfTheLastCallerReachesTheProcessors() throws Exception {
        shop.place(shop.store().create("Chair", 10).getId(), 1);
        var go = new CountDownLatch(1);
        var blocking = block(go);
        var call = calls.open(ReportServiceGrpc.getGetStatisticsMethod(), Optional.empty());
        var ended =
                inBackground(() ->
                        Calls.failure(() ->
                                calls.run(
                                        call,
                                        ReportServiceGrpc.getGetStatisticsMethod(),
                                        GetStatisticsRequest.newBuilder().setKind("sales").build(),
                                        _ -> {})));
        awaitWaiting();

        call.cancelByCaller();

        assertThat(ended.get(20, TimeUnit.SECONDS).code()).isEqualTo(Code.CANCELLED);
        assertThat(processors.waiting()).isZero();
        go.countDown();
        blocking.get(20, TimeUnit.SECONDS);
        assertThat(statistics("sales").getCached()).isFalse();
    }

    @Test
    void tooManyValuesAreRefused() {
        var chair = shop.store().create("Chair", 10);
        shop.place(chair.getId(), 1);
        shop.place(chair.getId(), 1);
        var few = Calls.of(service(new ReportService.Settings(1, Duration.ofSeconds(10), 1)));
        var failure =
                Calls.failure(() ->
                        few.unary(
                                ReportServiceGrpc.getGetStatisticsMethod(),
                                GetStatisticsRequest.newBuilder().setKind("sales").build()));
        assertThat(failure.reason()).contains("TOO_MANY_VALUES");
    }

    /// Takes the only processor.
    private CompletableFuture<Boolean> block(CountDownLatch go) throws InterruptedException {
        var begun = new CountDownLatch(1);
        var blocking =
                inBackground(() ->
                        processors.run(
                                "a long time",
                                () -> {
                                    begun.countDown();
                                    try {
                                        return go.await(20, TimeUnit.SECONDS);
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                }));
        begun.await();
        return blocking;
    }

    private static <T> CompletableFuture<T> inBackground(Supplier<T> body) {
        return CompletableFuture.supplyAsync(body, Thread::startVirtualThread);
    }

    private void awaitWaiting() {
        while (processors.waiting() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String next(BlockingQueue<HttpBody> pieces) throws InterruptedException {
        return Objects.requireNonNull(pieces.poll(20, TimeUnit.SECONDS), "nothing came")
                .getData()
                .toStringUtf8();
    }

    /// A table that nobody else can read.
    private static final class Lock implements AutoCloseable {
        private final CountDownLatch release = new CountDownLatch(1);
        private final CompletableFuture<Boolean> held;

        private Lock(ShopCalls shop, String table, CountDownLatch taken) {
            held =
                    inBackground(() ->
                            shop.store()
                                    .database()
                                    .transaction(db -> {
                                        db.dml("LOCK TABLE " + table);
                                        taken.countDown();
                                        try {
                                            return release.await(30, TimeUnit.SECONDS);
                                        } catch (InterruptedException e) {
                                            throw new AssertionError(e);
                                        }
                                    }));
        }

        static Lock of(ShopCalls shop, String table) throws InterruptedException {
            var taken = new CountDownLatch(1);
            var lock = new Lock(shop, table, taken);
            taken.await();
            return lock;
        }

        void release() {
            release.countDown();
            held.join();
        }

        @Override
        public void close() {
            release();
        }
    }
}
