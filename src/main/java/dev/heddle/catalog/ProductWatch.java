package dev.heddle.catalog;

import dev.heddle.catalog.v1.WatchProductsRequest;
import dev.heddle.catalog.v1.WatchProductsResponse;
import dev.heddle.db.Condition;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.Selection;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Token;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a watcher of products is told.
final class ProductWatch implements StateStream.State<WatchProductsResponse> {
    private final CatalogStore store;
    private final WatchProductsRequest request;

    ProductWatch(CatalogStore store, WatchProductsRequest request) {
        this.store = store;
        this.request = request;
    }

    Selection changes() {
        return new Selection(
                ProductEvents.TOPICS,
                Set.of(),
                request.getId().isEmpty() ? Set.of() : Set.of(request.getId()));
    }

    @Override
    public void tell(DbExecute db, Outbound<WatchProductsResponse> out) {
        store.export(
                db,
                condition(),
                product ->
                        out.send(WatchProductsResponse.newBuilder().setExisting(product).build()));
    }

    @Override
    public List<Shared<WatchProductsResponse>> of(List<FeedEvent> events) {
        return events.stream().map(event -> event.as(ProductEvents.READING)).toList();
    }

    @Override
    public WatchProductsResponse.Builder at(Token token) {
        return WatchProductsResponse.newBuilder().setToken(token.toString());
    }

    private Condition condition() {
        return request.getId().isEmpty()
                ? Condition.TRUE
                : new Condition(
                        "(id = CAST(:id AS uuid))",
                        Map.of("id", Products.parseId(request.getId()).toString()));
    }
}
