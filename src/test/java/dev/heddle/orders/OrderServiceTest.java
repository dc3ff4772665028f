package dev.heddle.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import dev.heddle.catalog.v1.Product;
import dev.heddle.orders.v1.ListOrdersRequest;
import dev.heddle.orders.v1.ListOrdersResponse;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.State;
import dev.heddle.orders.v1.OrderServiceGrpc;
import dev.heddle.orders.v1.ShipOrderRequest;
import dev.heddle.testing.Calls;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OrderServiceTest extends OrderTest {
    @Test
    void orderTakesItsItemsAtThePresentPrices() {
        var chair = store().create("Chair", 10);
        var table =
                store().create(
                                Product.newBuilder()
                                        .setName("Table")
                                        .setStock(2)
                                        .setPrice(StoreCalls.euros(100, 10_000_000)));

        var placed =
                place(
                        order(chair.getId(), 3)
                                .addLines(line(table.getId(), 2))
                                .addLines(line(chair.getId(), 1)),
                        "");

        assertThat(placed.getState()).isEqualTo(State.STATE_PLACED);
        assertThat(placed.getTotal()).isEqualTo(StoreCalls.euros(239, 980_000_000));
        assertThat(placed.getLinesList())
                .extracting(Order.Line::getName)
                .containsExactly("Chair", "Table", "Chair");
        assertThat(placed.getLines(1).getPrice()).isEqualTo(table.getPrice());
        assertThat(get(placed.getId())).isEqualTo(placed);
        assertThat(store().product(chair.getId()).getStock()).isEqualTo(6);
        assertThat(store().product(table.getId()).getStock()).isZero();
    }

    @Test
    void orderThatCannotBeFilledTakesNothingAndSaysWhatIsMissing() {
        var chair = store().create("Chair", 10);
        var table = store().create("Table", 1);
        var lamp = store().create("Lamp", 0);

        var failure =
                Calls.failure(() ->
                        place(
                                order(chair.getId(), 3)
                                        .addLines(line(table.getId(), 2))
                                        .addLines(line(lamp.getId(), 1)),
                                ""));

        assertThat(failure.code()).isEqualTo(Code.ABORTED);
        var info = failure.detail(ErrorInfo.class).orElseThrow();
        assertThat(info.getReason()).isEqualTo("OUT_OF_STOCK");
        assertThat(info.getMetadataMap())
                .containsEntry("product", table.getId())
                .containsEntry("wanted", "2")
                .containsEntry("available", "1");
        assertThat(failure.detail(PreconditionFailure.class).orElseThrow().getViolationsList())
                .extracting(PreconditionFailure.Violation::getSubject)
                .containsExactly("products/" + table.getId(), "products/" + lamp.getId());
        assertThat(store().product(chair.getId())).isEqualTo(chair);
    }

    @Test
    void orderOfWhatIsNotSoldOrNotAtThatPriceIsRefused() {
        var chair = store().create("Chair", 10);
        var dollars =
                store().create(
                                Product.newBuilder()
                                        .setName("Imported")
                                        .setStock(1)
                                        .setPrice(
                                                StoreCalls.euros(1, 0).toBuilder()
                                                        .setCurrencyCode("USD")));
        var dear = line(chair.getId(), 1).toBuilder().setPrice(StoreCalls.euros(12, 0)).build();

        assertThat(Calls.failure(() -> place("nothing", 1)).reason()).contains("PRODUCT_NOT_FOUND");
        assertThat(Calls.failure(() -> place(UUID.randomUUID().toString(), 1)).reason())
                .contains("PRODUCT_NOT_FOUND");
        var changed =
                Calls.failure(() -> place(Order.newBuilder().setUser("ada").addLines(dear), ""));
        assertThat(changed.reason()).contains("PRICE_CHANGED");
        assertThat(changed.message())
                .endsWith("price 12 EUR (expected: 9.99 EUR, the present one)");
        assertThat(
                        Calls.failure(() ->
                                        place(
                                                order(chair.getId(), 1)
                                                        .addLines(line(dollars.getId(), 1)),
                                                ""))
                                .reason())
                .contains("CURRENCIES_DIFFER");
        assertThat(store().product(chair.getId()).getStock()).isEqualTo(10);
    }

    @Test
    void repeatedOrderWithItsIdTakesNothingMore() throws Exception {
        var chair = store().create("Chair", 10);
        var requestId = UUID.randomUUID().toString();

        var placed =
                StoreCalls.together(
                        Collections.<Callable<Order>>nCopies(
                                8, () -> place(order(chair.getId(), 2), requestId)));

        assertThat(placed).containsOnly(placed.getFirst());
        assertThat(store().product(chair.getId()).getStock()).isEqualTo(8);
        assertThat(Calls.failure(() -> place(order(chair.getId(), 3), requestId)).reason())
                .contains("REQUEST_ID_REUSED");
    }

    @Test
    void orderGoesFromPlacedToPaidToShippedAndNoOtherWay() {
        var placed = place(store().create("Chair", 1).getId(), 1);

        var early = Calls.failure(() -> ship(placed.getId()));
        assertThat(early.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(early.detail(ErrorInfo.class).orElseThrow().getMetadataMap())
                .containsEntry("state", "PLACED")
                .containsEntry("expected", "PAID");

        var paid = pay(placed.getId());
        assertThat(paid.getState()).isEqualTo(State.STATE_PAID);
        assertThat(paid.getPayment()).isNotEmpty();
        assertThat(paid.getEtag()).isEqualTo("2");
        assertThat(Calls.failure(() -> pay(placed.getId())).reason()).contains("ORDER_STATE");

        var shipped = ship(placed.getId());
        assertThat(shipped.getState()).isEqualTo(State.STATE_SHIPPED);
        assertThat(get(placed.getId())).isEqualTo(shipped);
        assertThat(Calls.failure(() -> cancel(placed.getId())).message())
                .endsWith("is SHIPPED (expected: PLACED or PAID)");
        assertThat(Calls.failure(() -> get("nothing")).reason()).contains("ORDER_NOT_FOUND");
    }

    @Test
    void writeOfAnotherVersionIsAborted() {
        var placed = place(store().create("Chair", 1).getId(), 1);
        pay(placed.getId());
        var request = ShipOrderRequest.newBuilder().setId(placed.getId()).setEtag(placed.getEtag());

        var failure =
                Calls.failure(() ->
                        orders().unary(OrderServiceGrpc.getShipOrderMethod(), request.build()));

        assertThat(failure.reason()).contains("ETAG_MISMATCH");
    }

    @Test
    void ordersAreListedByUserAndStateAPageAtATime() {
        var chair = store().create("Chair", 100);
        var user = UUID.randomUUID().toString();
        var placed = new ArrayList<Order>();
        for (var i = 0; i < 9; i++) {
            placed.add(place(order(chair.getId(), i + 1).setUser(user), ""));
        }
        place(chair.getId(), 1);
        var paid = pay(placed.removeFirst().getId());
        var unpaid = ListOrdersRequest.newBuilder().setUser(user).setState(State.STATE_PLACED);

        var first = list(unpaid.setPageSize(5).build());
        var second = list(unpaid.setPageToken(first.getNextPageToken()).build());

        assertThat(first.getOrdersList()).isEqualTo(placed.subList(0, 5));
        assertThat(second.getOrdersList()).isEqualTo(placed.subList(5, 8));
        assertThat(second.getNextPageToken()).isEmpty();
        assertThat(
                        list(ListOrdersRequest.newBuilder()
                                        .setFilter(
                                                "user = \"%s\" AND (state = PAID OR total > 89.9)"
                                                        .formatted(user))
                                        .setOrderBy("total desc")
                                        .build())
                                .getOrdersList())
                .isEqualTo(List.of(placed.getLast(), paid));
        assertThat(Calls.failure(() -> list(unpaid.setUser("other").build())).message())
                .contains("page_token");
    }

    private static ListOrdersResponse list(ListOrdersRequest request) {
        return orders().unary(OrderServiceGrpc.getListOrdersMethod(), request);
    }
}
