package dev.heddle.orders;

import com.google.protobuf.Message;
import dev.heddle.async.Leases;
import dev.heddle.catalog.Stock;
import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.feed.StateStream;
import dev.heddle.orders.v1.CancelOrderRequest;
import dev.heddle.orders.v1.GetOrderRequest;
import dev.heddle.orders.v1.ListOrdersRequest;
import dev.heddle.orders.v1.ListOrdersResponse;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.OrderServiceGrpc;
import dev.heddle.orders.v1.PayOrderRequest;
import dev.heddle.orders.v1.PlaceOrderRequest;
import dev.heddle.orders.v1.ShipOrderRequest;
import dev.heddle.orders.v1.WatchOrdersRequest;
import dev.heddle.orders.v1.WatchOrdersResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.Rpcs;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Serves `heddle.orders.v1.OrderService`; what each method promises is in
/// `proto/heddle/orders/v1/orders.proto`.
public final class OrderService implements Rpcs.Service {
    private final Database database;
    private final Feed feed;
    private final Stock stock;
    private final Pages pages;
    private final Clock clock;
    private final Orders orders;
    private final Settlement settlement;
    private final OrderEvents events;
    private final OrderStore store = new OrderStore();
    private final Ids ids = new Ids();

    /// How orders are kept.
    ///
    /// @param paymentLease how long a call has an order to itself to pay or cancel it, before
    ///   another may take over; 1 s to 10 min, default 30 s; key `orders.payment-lease`
    public record Settings(Duration paymentLease) {
        private static final Duration SHORTEST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofMinutes(10);

        /// The default. It is behind the bounds, which it is held against.
        public static final Settings DEFAULT = new Settings(Duration.ofSeconds(30));

        public Settings {
            if (paymentLease.compareTo(SHORTEST) < 0 || paymentLease.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "orders.payment-lease: %s (expected: 1 s to 10 min)"
                                .formatted(paymentLease));
            }
        }
    }

    /// @param stock where items come from
    /// @param payments where orders are paid
    /// @param leases what keeps calls from paying an order at the same time
    public OrderService(
            Database database,
            Feed feed,
            Stock stock,
            Payments payments,
            Leases leases,
            Settings settings,
            PageTokens pageTokens,
            Clock clock) {
        this.database = database;
        this.feed = feed;
        this.stock = stock;
        this.pages = new Pages(pageTokens);
        this.clock = clock;
        this.events = new OrderEvents(feed);
        this.orders = new Orders(store, events, clock);
        this.settlement =
                new Settlement(database, orders, stock, payments, leases, settings.paymentLease());
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(OrderServiceGrpc.getPlaceOrderMethod(), this::place)
                .unary(OrderServiceGrpc.getGetOrderMethod(), this::get)
                .unary(OrderServiceGrpc.getListOrdersMethod(), this::list)
                .unary(OrderServiceGrpc.getPayOrderMethod(), this::pay)
                .unary(OrderServiceGrpc.getShipOrderMethod(), this::ship)
                .unary(OrderServiceGrpc.getCancelOrderMethod(), this::cancel)
                .serverStreaming(OrderServiceGrpc.getWatchOrdersMethod(), this::watch);
    }

    Order place(PlaceOrderRequest request, Call call) {
        own(call).check(request.getOrder().getUser());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Order.parser(),
                db -> place(db, request.getOrder()));
    }

    Order get(GetOrderRequest request, Call call) {
        return find(request.getId(), call);
    }

    ListOrdersResponse list(ListOrdersRequest request, Call call) {
        var user = own(call).person(request.getUser());
        var only = Orders.ofUser(user).and(inState(request.getState()));
        var page =
                pages.read(
                        new Pages.Request(
                                OrderStore.COLUMNS,
                                request.getFilter(),
                                request.getOrderBy(),
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(
                                        call.rpc().contract().name(),
                                        user,
                                        Integer.toString(request.getStateValue()))),
                        (condition, keyset, limit) ->
                                database.plain(
                                        db -> store.list(db, only.and(condition), keyset, limit)));
        return ListOrdersResponse.newBuilder()
                .addAllOrders(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    Order pay(PayOrderRequest request, Call call) {
        return settlement.pay(
                settling(
                        call, request.getId(), request.getEtag(), request.getRequestId(), request));
    }

    Order ship(ShipOrderRequest request, Call call) {
        var id = Orders.parseId(request.getId());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Order.parser(),
                db -> {
                    var stored = orders.lock(db, id);
                    Etags.check(request.getEtag(), stored.order().getEtag(), "the order");
                    if (stored.step() == Step.CANCEL) {
                        throw Settlement.underWay(request.getId());
                    }
                    return orders.change(db, Transition.SHIP, stored.order());
                });
    }

    Order cancel(CancelOrderRequest request, Call call) {
        return settlement.cancel(
                settling(
                        call, request.getId(), request.getEtag(), request.getRequestId(), request));
    }

    void watch(WatchOrdersRequest request, Outbound<WatchOrdersResponse> out, Call call)
            throws InterruptedException {
        var watch = OrderWatch.of(request, own(call).person(request.getUser()), store);
        new StateStream<>(database, feed, watch.changes(), watch)
                .run(request.getFrom(), request.getSnapshot(), out, call);
    }

    /// Finds the order before anybody waits for it: to wait for another's, or to keep its owner
    /// waiting, would tell that it is there.
    private Settlement.Request settling(
            Call call, String order, String etag, String requestId, Message message) {
        var id = Orders.parseId(find(order, call).getId());
        return new Settlement.Request(call, id, etag, requestId, message);
    }

    /// An order that the caller may know of.
    private Order find(String text, Call call) {
        var own = own(call);
        var id = Orders.parseId(text);
        return database.plain(db -> store.get(db, id))
                .filter(order -> own.reaches(order.getUser()))
                .orElseThrow(() -> Orders.notFound(text));
    }

    private static Ownership own(Call call) {
        return Ownership.of(call, "orders");
    }

    private Order place(DbExecute db, Order wanted) {
        var time = Times.now(clock);
        var order =
                Order.newBuilder()
                        .setId(ids.next())
                        .setUser(wanted.getUser())
                        .setState(Order.State.STATE_PLACED)
                        .setCreateTime(time)
                        .setUpdateTime(time)
                        .setEtag(Etags.FIRST);
        Pricing.price(wanted, stock.take(db, Pricing.quantities(wanted)), order);
        var placed = order.build();
        store.insert(db, placed);
        events.placed(placed);
        return placed;
    }

    private static Condition inState(Order.State state) {
        return state == Order.State.STATE_UNSPECIFIED
                ? Condition.TRUE
                : new Condition("(state = :state)", Map.of("state", state.getNumber()));
    }
}
