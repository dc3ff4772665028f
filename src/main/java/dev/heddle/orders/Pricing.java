package dev.heddle.orders;

import com.google.type.Money;
import dev.heddle.catalog.Products;
import dev.heddle.catalog.v1.Product;
import dev.heddle.money.Amounts;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.Line;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// What an order is for and what that costs.
final class Pricing {
    private Pricing() {}

    /// How many items of each product the lines of an order are for, in the order of the lines.
    ///
    /// @throws RpcException NOT_FOUND for text that is no product's id
    static Map<UUID, Integer> quantities(Order order) {
        var quantities = new LinkedHashMap<UUID, Integer>();
        for (var line : order.getLinesList()) {
            quantities.merge(
                    Products.parseId(line.getProduct()), line.getQuantity(), Math::addExact);
        }
        return quantities;
    }

    /// Gives an order its lines and their total, at the prices of the products.
    ///
    /// @param products those of the lines
    /// @throws RpcException ABORTED, reason `PRICE_CHANGED`; FAILED_PRECONDITION, reason
    ///   `CURRENCIES_DIFFER`
    static void price(Order wanted, Map<UUID, Product> products, Order.Builder order) {
        var currency = "";
        var total = BigDecimal.ZERO;
        for (var line : wanted.getLinesList()) {
            var priced = price(line, product(line, products));
            var price = priced.getPrice();
            if (!currency.isEmpty() && !currency.equals(price.getCurrencyCode())) {
                throw currenciesDiffer(currency, price);
            }
            currency = price.getCurrencyCode();
            total = total.add(Amounts.of(price).multiply(BigDecimal.valueOf(line.getQuantity())));
            order.addLines(priced);
        }
        order.setTotal(Amounts.of(total, currency));
    }

    private static Product product(Line line, Map<UUID, Product> products) {
        return Objects.requireNonNull(products.get(Products.parseId(line.getProduct())));
    }

    private static Line price(Line line, Product product) {
        if (line.hasPrice() && !line.getPrice().equals(product.getPrice())) {
            throw priceChanged(line, product);
        }
        return Line.newBuilder()
                .setProduct(product.getId())
                .setQuantity(line.getQuantity())
                .setPrice(product.getPrice())
                .setName(product.getName())
                .build();
    }

    private static RpcException priceChanged(Line line, Product product) {
        var expected = text(line.getPrice());
        var price = text(product.getPrice());
        return new RpcException(
                        Code.ABORTED,
                        "product \"%s\": price %s (expected: %s, the present one)"
                                .formatted(product.getId(), expected, price))
                .withReason(
                        "PRICE_CHANGED",
                        Map.of("product", product.getId(), "expected", expected, "price", price));
    }

    private static RpcException currenciesDiffer(String currency, Money price) {
        return new RpcException(
                        Code.FAILED_PRECONDITION,
                        "products sold in %s and in %s (expected: one currency an order)"
                                .formatted(currency, price.getCurrencyCode()))
                .withReason("CURRENCIES_DIFFER");
    }

    private static String text(Money money) {
        return "%s %s"
                .formatted(
                        Amounts.of(money).stripTrailingZeros().toPlainString(),
                        money.getCurrencyCode());
    }
}
