package dev.heddle.orders;

import dev.heddle.feed.Feed;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Topics;
import dev.heddle.orders.v1.Order;

/// What happens to orders, as events of the topic `orders`: the order is the payload, its id the
/// key.
///
/// @param feed where it is published, within the transaction of the change
record OrderEvents(Feed feed) {
    static final String PLACED = "order.placed";
    static final String PAID = "order.paid";
    static final String SHIPPED = "order.shipped";
    static final String CANCELLED = "order.cancelled";
    static final Topics TOPICS = Topics.of("orders");

    private static final String TOPIC = "orders";

    void placed(Order order) {
        publish(PLACED, order);
    }

    /// @param order as it is behind the transition
    void changed(Transition transition, Order order) {
        publish(
                switch (transition) {
                    case PAY -> PAID;
                    case SHIP -> SHIPPED;
                    case CANCEL -> CANCELLED;
                },
                order);
    }

    private void publish(String type, Order order) {
        feed.publish(new NewEvent(TOPIC, type, order.getId(), Payloads.of(order)));
    }
}
