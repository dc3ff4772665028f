package dev.heddle.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.State;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What holds when many want the same.
@Timeout(60)
final class OrderConcurrencyTest extends OrderTest {
    private static final int CALLERS = 64;

    @Test
    void lastHundredItemsAreSoldOnceEach() throws Exception {
        var chair = store().create("Chair", 100);
        Callable<Integer> buyingAllOneCan = () -> buy(chair.getId());

        var sold = StoreCalls.together(Collections.nCopies(CALLERS, buyingAllOneCan));

        assertThat(sold.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        assertThat(store().product(chair.getId()).getStock()).isZero();
        assertThat(store().product(chair.getId()).getEtag()).isEqualTo("101");
    }

    /// Buys one at a time until there are none.
    private static int buy(String product) {
        for (var bought = 0; ; bought++) {
            try {
                place(product, 1);
            } catch (RpcException e) {
                assertThat(e.reason()).contains("OUT_OF_STOCK");
                return bought;
            }
        }
    }

    @Test
    void ordersOfTheSameProductsInAnyOrderAllSucceed() throws Exception {
        var products = new ArrayList<String>();
        for (var i = 0; i < 4; i++) {
            products.add(store().create("Product " + i, 10_000).getId());
        }
        var buyers = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 32; i++) {
            var own = new ArrayList<>(products);
            Collections.rotate(own, i);
            var inOrder = i % 2 == 0 ? own : own.reversed();
            buyers.add(() -> buyAndCancel(inOrder));
        }

        StoreCalls.together(buyers);

        assertThat(products)
                .allSatisfy(product ->
                        assertThat(store().product(product).getStock()).isEqualTo(10_000 - 32 * 5));
    }

    /// Places ten orders of all products and cancels every second.
    private static int buyAndCancel(List<String> products) {
        for (var i = 0; i < 10; i++) {
            var order = Order.newBuilder().setUser("ada");
            products.forEach(product -> order.addLines(line(product, 1)));
            var placed = place(order, "");
            if (i % 2 == 0) {
                cancel(placed.getId());
            }
        }
        return products.size();
    }

    @Test
    void cancelReturnsItemsOnce() throws Exception {
        var chair = store().create("Chair", 5);
        var placed = place(chair.getId(), 3);
        Callable<Boolean> cancelling =
                () -> {
                    try {
                        cancel(placed.getId());
                        return true;
                    } catch (RpcException e) {
                        assertThat(e.code()).isIn(Code.ABORTED, Code.FAILED_PRECONDITION);
                        return false;
                    }
                };

        var outcomes = StoreCalls.together(Collections.nCopies(16, cancelling));

        assertThat(outcomes).containsOnlyOnce(true);
        assertThat(get(placed.getId()).getState()).isEqualTo(State.STATE_CANCELLED);
        assertThat(store().product(chair.getId()).getStock()).isEqualTo(5);
    }

    @Test
    void cancelledRepeatedlyWithItsIdAnswersTheSame() throws Exception {
        var chair = store().create("Chair", 5);
        var placed = place(chair.getId(), 3);
        pay(placed.getId());

        var cancelled = cancel(orders(), placed.getId(), "cancel " + placed.getId());

        assertThat(cancel(orders(), placed.getId(), "cancel " + placed.getId()))
                .isEqualTo(cancelled);
        assertThat(store().product(chair.getId()).getStock()).isEqualTo(5);
    }
}
