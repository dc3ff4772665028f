package dev.heddle.catalog;

import com.google.rpc.PreconditionFailure;
import dev.heddle.catalog.v1.Product;
import dev.heddle.db.Etags;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Takes goods and gives them back, within a transaction of whoever does it
/// ([dev.heddle.db.Database#transaction]), and publishes what is left.
///
/// Products are locked until that transaction ends, in one order for all callers: those of one
/// product go one after the other, and none waits for another in a circle, as long as a transaction
/// takes or gives back once.
public final class Stock {
    private static final String OUT_OF_STOCK = "OUT_OF_STOCK";

    private final ProductEvents events;
    private final Clock clock;
    private final CatalogStore store = new CatalogStore();

    public Stock(Feed feed, Clock clock) {
        this.events = new ProductEvents(feed);
        this.clock = clock;
    }

    /// Takes items of products, all or none.
    ///
    /// @param db of the caller's transaction
    /// @param wanted how many, at least 1, of each product, by its id
    /// @return the products, with their prices, as they are now
    /// @throws RpcException NOT_FOUND, reason `PRODUCT_NOT_FOUND`; ABORTED, reason `OUT_OF_STOCK`,
    ///   with the first product of which there are too few, and violations for all of them
    public Map<UUID, Product> take(DbExecute db, Map<UUID, Integer> wanted) {
        var products = store.lock(db, wanted.keySet());
        var lacking = new ArrayList<Lack>();
        wanted.forEach((id, quantity) -> {
            var product = products.get(id);
            if (product == null) {
                throw Products.notFound(id.toString());
            }
            if (product.getStock() < quantity) {
                lacking.add(new Lack(product, quantity));
            }
        });
        if (!lacking.isEmpty()) {
            throw outOfStock(lacking);
        }
        products.replaceAll((id, product) ->
                withStock(product, product.getStock() - wanted.getOrDefault(id, 0)));
        write(db, products);
        return products;
    }

    /// Gives items of products back, except of those that are no longer sold.
    ///
    /// @param db of the caller's transaction
    /// @param returned how many, at least 1, of each product, by its id
    public void giveBack(DbExecute db, Map<UUID, Integer> returned) {
        var products = store.lock(db, returned.keySet());
        products.replaceAll((id, product) ->
                withStock(product, product.getStock() + (long) returned.getOrDefault(id, 0)));
        write(db, products);
    }

    /// Adds to the stock of a product, or takes from it.
    ///
    /// @throws RpcException as [#take]; OUT_OF_RANGE, reason `STOCK_TOO_LARGE`
    Product adjust(DbExecute db, UUID id, int delta) {
        if (delta < 0) {
            return take(db, Map.of(id, -delta)).values().iterator().next();
        }
        var products = store.lock(db, List.of(id));
        var product = products.get(id);
        if (product == null) {
            throw Products.notFound(id.toString());
        }
        if (product.getStock() > Products.MAX_STOCK - delta) {
            throw new RpcException(
                            Code.OUT_OF_RANGE,
                            "delta: %d and %d in stock (expected: together at most %d)"
                                    .formatted(delta, product.getStock(), Products.MAX_STOCK))
                    .withReason("STOCK_TOO_LARGE");
        }
        var adjusted = withStock(product, product.getStock() + delta);
        write(db, Map.of(id, adjusted));
        return adjusted;
    }

    /// @param product a product as it is
    /// @param wanted more than there are of it
    private record Lack(Product product, int wanted) {
        String message() {
            return "product \"%s\": %d wanted (expected: at most the %d that are left)"
                    .formatted(product.getId(), wanted, product.getStock());
        }
    }

    private void write(DbExecute db, Map<UUID, Product> products) {
        if (!products.isEmpty()) {
            store.updateStock(
                    db,
                    List.copyOf(products.values()),
                    products.values().iterator().next().getUpdateTime());
            products.values().forEach(events::stockChanged);
        }
    }

    /// Goods that come back are never refused: where the count is full they are not counted.
    private Product withStock(Product product, long stock) {
        return product.toBuilder()
                .setStock((int) Math.min(stock, Products.MAX_STOCK))
                .setUpdateTime(Times.now(clock))
                .setEtag(Etags.next(product.getEtag()))
                .build();
    }

    private static RpcException outOfStock(List<Lack> lacking) {
        var first = lacking.getFirst();
        var violations = PreconditionFailure.newBuilder();
        for (var lack : lacking) {
            violations
                    .addViolationsBuilder()
                    .setType(OUT_OF_STOCK)
                    .setSubject("products/" + lack.product().getId())
                    .setDescription(lack.message());
        }
        return new RpcException(Code.ABORTED, first.message())
                .withReason(
                        OUT_OF_STOCK,
                        Map.of(
                                "product", first.product().getId(),
                                "wanted", Integer.toString(first.wanted()),
                                "available", Integer.toString(first.product().getStock())))
                .withDetail(violations.build());
    }
}
