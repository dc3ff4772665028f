package dev.heddle.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.heddle.catalog.v1.CatalogServiceGrpc;
import dev.heddle.catalog.v1.CreateProductRequest;
import dev.heddle.catalog.v1.GetProductRequest;
import dev.heddle.catalog.v1.Product;
import dev.heddle.catalog.v1.SearchProductsRequest;
import dev.heddle.orders.v1.ListOrdersRequest;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.State;
import dev.heddle.orders.v1.OrderServiceGrpc;
import dev.heddle.orders.v1.PayOrderRequest;
import dev.heddle.orders.v1.PlaceOrderRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.GatewayTest;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.net.URI;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Products and orders over gRPC.
@Timeout(60)
final class StoreOverGrpcTest extends GatewayTest {
    private final GatewayCalls calls;

    StoreOverGrpcTest(URI gateway) {
        calls = new GatewayCalls(gateway, token());
    }

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void productIsFoundAndBought() {
        var word = "w" + UUID.randomUUID().toString().replaceAll("[^a-f]", "") + "q";
        var product = create(word, 2);

        var found =
                calls.grpc(
                        CatalogServiceGrpc.getSearchProductsMethod(),
                        SearchProductsRequest.newBuilder().setQuery(word).build());
        assertThat(found.getMatches(0).getProduct()).isEqualTo(product);

        var placed = place(product, 2);
        var paid =
                calls.grpc(
                        OrderServiceGrpc.getPayOrderMethod(),
                        PayOrderRequest.newBuilder().setId(placed.getId()).build());
        assertThat(paid.getState()).isEqualTo(State.STATE_PAID);
        var listed =
                calls.grpc(
                        OrderServiceGrpc.getListOrdersMethod(),
                        ListOrdersRequest.newBuilder()
                                .setUser("ada")
                                .setState(State.STATE_PAID)
                                .build());
        assertThat(listed.getOrdersList()).contains(paid);

        var failure = Calls.failure(() -> place(product, 1));
        assertThat(failure.code()).isEqualTo(Code.ABORTED);
        assertThat(failure.detail(ErrorInfo.class).orElseThrow().getMetadataMap())
                .containsEntry("product", product.getId())
                .containsEntry("wanted", "1")
                .containsEntry("available", "0");
    }

    @Test
    void sixtyFourCallersBuyTheLastHundredItems() throws Exception {
        var product = create("Chair", 100);
        Callable<Integer> buyer =
                () -> {
                    for (var bought = 0; ; bought++) {
                        try {
                            placeSurely(product);
                        } catch (RpcException e) {
                            assertThat(e.reason()).contains("OUT_OF_STOCK");
                            return bought;
                        }
                    }
                };

        var sold = StoreCalls.together(Collections.nCopies(64, buyer));

        assertThat(sold.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        assertThat(
                        calls.grpc(
                                        CatalogServiceGrpc.getGetProductMethod(),
                                        GetProductRequest.newBuilder()
                                                .setId(product.getId())
                                                .build())
                                .getStock())
                .isZero();
    }

    /// Orders one, again with the same id where the gateway has no connection to spare.
    private void placeSurely(Product product) {
        var requestId = UUID.randomUUID().toString();
        for (var tries = 1; ; tries++) {
            try {
                place(product, 1, requestId);
                return;
            } catch (RpcException e) {
                var isBusy = e.code() == Code.UNAVAILABLE || e.code() == Code.RESOURCE_EXHAUSTED;
                if (!isBusy || tries == 10) {
                    throw e;
                }
            }
        }
    }

    private Product create(String name, int stock) {
        return calls.grpc(
                CatalogServiceGrpc.getCreateProductMethod(),
                CreateProductRequest.newBuilder()
                        .setProduct(
                                Product.newBuilder()
                                        .setName(name)
                                        .setStock(stock)
                                        .setPrice(StoreCalls.euros(5, 0)))
                        .build());
    }

    private Order place(Product product, int quantity) {
        return place(product, quantity, "");
    }

    private Order place(Product product, int quantity, String requestId) {
        return calls.grpc(
                OrderServiceGrpc.getPlaceOrderMethod(),
                PlaceOrderRequest.newBuilder()
                        .setRequestId(requestId)
                        .setOrder(
                                Order.newBuilder()
                                        .setUser("ada")
                                        .addLines(
                                                Order.Line.newBuilder()
                                                        .setProduct(product.getId())
                                                        .setQuantity(quantity)))
                        .build());
    }
}
