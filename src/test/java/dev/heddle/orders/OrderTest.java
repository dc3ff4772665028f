package dev.heddle.orders;

import dev.heddle.async.Leases;
import dev.heddle.catalog.Stock;
import dev.heddle.orders.v1.CancelOrderRequest;
import dev.heddle.orders.v1.GetOrderRequest;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.Line;
import dev.heddle.orders.v1.OrderServiceGrpc;
import dev.heddle.orders.v1.PayOrderRequest;
import dev.heddle.orders.v1.PlaceOrderRequest;
import dev.heddle.orders.v1.ShipOrderRequest;
import dev.heddle.testing.Calls;
import dev.heddle.testing.StoreCalls;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Orders over a database that all tests of a class share, and how to call them.
abstract class OrderTest {
    private static @Nullable StoreCalls store;
    private static @Nullable Calls orders;

    @BeforeAll
    static void open() {
        store = StoreCalls.open();
        orders = orders(new Ledger(store.database(), store.clock()));
    }

    @AfterAll
    static void close() {
        store().close();
    }

    static StoreCalls store() {
        return Objects.requireNonNull(store);
    }

    static Calls orders() {
        return Objects.requireNonNull(orders);
    }

    /// The same orders, paid elsewhere.
    static Calls orders(Payments payments) {
        return orders(payments, Duration.ofSeconds(30));
    }

    static Calls orders(Payments payments, Duration paymentLease) {
        return Calls.of(
                new OrderService(
                        store().database(),
                        store().feed(),
                        new Stock(store().feed(), store().clock()),
                        payments,
                        new Leases(store().database(), "test"),
                        new OrderService.Settings(paymentLease),
                        store().pageTokens(),
                        store().clock()));
    }

    static Order.Builder order(String product, int quantity) {
        return Order.newBuilder().setUser("ada").addLines(line(product, quantity));
    }

    static Line line(String product, int quantity) {
        return Line.newBuilder().setProduct(product).setQuantity(quantity).build();
    }

    static Order place(String product, int quantity) {
        return place(order(product, quantity), "");
    }

    static Order place(Order.Builder order, String requestId) {
        return orders().unary(
                        OrderServiceGrpc.getPlaceOrderMethod(),
                        PlaceOrderRequest.newBuilder()
                                .setOrder(order)
                                .setRequestId(requestId)
                                .build());
    }

    static Order get(String id) {
        return orders().unary(
                        OrderServiceGrpc.getGetOrderMethod(),
                        GetOrderRequest.newBuilder().setId(id).build());
    }

    static Order pay(Calls orders, String id, String requestId) {
        return orders.unary(
                OrderServiceGrpc.getPayOrderMethod(),
                PayOrderRequest.newBuilder().setId(id).setRequestId(requestId).build());
    }

    static Order pay(String id) {
        return pay(orders(), id, "");
    }

    static Order ship(String id) {
        return orders().unary(
                        OrderServiceGrpc.getShipOrderMethod(),
                        ShipOrderRequest.newBuilder().setId(id).build());
    }

    static Order cancel(String id) {
        return cancel(orders(), id, "");
    }

    static Order cancel(Calls orders, String id, String requestId) {
        return orders.unary(
                OrderServiceGrpc.getCancelOrderMethod(),
                CancelOrderRequest.newBuilder().setId(id).setRequestId(requestId).build());
    }
}
