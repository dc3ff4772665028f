package dev.heddle.orders;

import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.State;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The ways from one state of an order to another; there are no more.
enum Transition {
    PAY,
    SHIP,
    CANCEL;

    State to() {
        return switch (this) {
            case PAY -> State.STATE_PAID;
            case SHIP -> State.STATE_SHIPPED;
            case CANCEL -> State.STATE_CANCELLED;
        };
    }

    private List<State> from() {
        return switch (this) {
            case PAY -> List.of(State.STATE_PLACED);
            case SHIP -> List.of(State.STATE_PAID);
            case CANCEL -> List.of(State.STATE_PLACED, State.STATE_PAID);
        };
    }

    /// Refuses what an order's state does not allow.
    ///
    /// @throws RpcException FAILED_PRECONDITION, reason `ORDER_STATE`
    void check(Order order) {
        if (!from().contains(order.getState())) {
            var expected =
                    from().stream().map(Transition::name).collect(Collectors.joining(" or "));
            throw new RpcException(
                            Code.FAILED_PRECONDITION,
                            "order \"%s\" is %s (expected: %s)"
                                    .formatted(order.getId(), name(order.getState()), expected))
                    .withReason(
                            "ORDER_STATE",
                            Map.of("state", name(order.getState()), "expected", expected));
        }
    }

    private static String name(State state) {
        return state.name().replaceFirst("^STATE_", "");
    }
}
