package dev.heddle.testing;

import dev.heddle.async.Leases;
import dev.heddle.catalog.Stock;
import dev.heddle.orders.Ledger;
import dev.heddle.orders.OrderService;
import dev.heddle.orders.v1.CancelOrderRequest;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.OrderServiceGrpc;
import dev.heddle.orders.v1.PayOrderRequest;
import dev.heddle.orders.v1.PlaceOrderRequest;

/// A store that takes orders, for the tests of who looks at them.
public final class ShopCalls implements AutoCloseable {
    private final StoreCalls store = StoreCalls.open();
    private final Calls orders =
            Calls.of(
                    new OrderService(
                            store.database(),
                            store.feed(),
                            new Stock(store.feed(), store.clock()),
                            new Ledger(store.database(), store.clock()),
                            new Leases(store.database(), "test"),
                            OrderService.Settings.DEFAULT,
                            store.pageTokens(),
                            store.clock()));

    public StoreCalls store() {
        return store;
    }

    public Order place(String product, int quantity) {
        return orders.unary(
                OrderServiceGrpc.getPlaceOrderMethod(),
                PlaceOrderRequest.newBuilder()
                        .setOrder(
                                Order.newBuilder()
                                        .setUser("ada")
                                        .addLines(
                                                Order.Line.newBuilder()
                                                        .setProduct(product)
                                                        .setQuantity(quantity)))
                        .build());
    }

    public Order pay(String id) {
        return orders.unary(
                OrderServiceGrpc.getPayOrderMethod(),
                PayOrderRequest.newBuilder().setId(id).build());
    }

    public Order cancel(String id) {
        return orders.unary(
                OrderServiceGrpc.getCancelOrderMethod(),
                CancelOrderRequest.newBuilder().setId(id).build());
    }

    @Override
    public void close() {
        store.close();
    }
}
