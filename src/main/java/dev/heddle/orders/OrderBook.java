package dev.heddle.orders;

import dev.heddle.db.Walk;
import dev.heddle.orders.v1.Order;

/// The orders as other features find them.
public final class OrderBook {
    private final OrderStore store = new OrderStore();

    /// All orders, for those who go through them.
    public Walk<Order> walk() {
        return new Walk<>("orders", OrderStore.COLUMNS, store::list);
    }
}
