package dev.heddle.catalog;

import com.google.protobuf.Empty;
import dev.heddle.async.BatchLoader;
import dev.heddle.catalog.v1.AdjustStockRequest;
import dev.heddle.catalog.v1.BatchGetProductsRequest;
import dev.heddle.catalog.v1.BatchGetProductsResponse;
import dev.heddle.catalog.v1.CatalogServiceGrpc;
import dev.heddle.catalog.v1.CreateProductRequest;
import dev.heddle.catalog.v1.DeleteProductRequest;
import dev.heddle.catalog.v1.GetProductRequest;
import dev.heddle.catalog.v1.ListFeaturedProductsRequest;
import dev.heddle.catalog.v1.ListFeaturedProductsResponse;
import dev.heddle.catalog.v1.ListProductsRequest;
import dev.heddle.catalog.v1.ListProductsResponse;
import dev.heddle.catalog.v1.Product;
import dev.heddle.catalog.v1.SearchProductsRequest;
import dev.heddle.catalog.v1.SearchProductsResponse;
import dev.heddle.catalog.v1.UpdateProductRequest;
import dev.heddle.catalog.v1.WatchProductsRequest;
import dev.heddle.catalog.v1.WatchProductsResponse;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.feed.StateStream;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.UpdateMask;
import dev.heddle.rpc.Validation;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Serves `heddle.catalog.v1.CatalogService`; what each method promises is in
/// `proto/heddle/catalog/v1/catalog.proto`.
public final class CatalogService implements Rpcs.Service {
    private static final String NEWEST_FIRST = "id desc";
    private static final String BEST_FIRST = "rank desc";
    private static final List<String> CHANGEABLE =
            List.of("name", "description", "price", "stock", "tags", "featured");

    private static final Set<String> STOCK_ALONE = Set.of("stock");

    private final Database database;
    private final Feed feed;
    private final ProductEvents events;
    private final Pages pages;
    private final Clock clock;
    private final Stock stock;
    private final BatchLoader<UUID, Product> products;
    private final CatalogStore store = new CatalogStore();
    private final Ids ids = new Ids();
    private final Validation validation = new Validation();

    public CatalogService(
            Database database,
            Feed feed,
            PageTokens pageTokens,
            BatchLoader.Settings lookups,
            Clock clock) {
        this.database = database;
        this.feed = feed;
        this.events = new ProductEvents(feed);
        this.pages = new Pages(pageTokens);
        this.clock = clock;
        this.stock = new Stock(feed, clock);
        this.products =
                new BatchLoader<>(
                        "products", lookups, ids -> database.plain(db -> store.get(db, ids)));
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(CatalogServiceGrpc.getGetProductMethod(), this::get)
                .unary(CatalogServiceGrpc.getBatchGetProductsMethod(), this::batchGet)
                .unary(CatalogServiceGrpc.getListProductsMethod(), this::list)
                .unary(CatalogServiceGrpc.getListFeaturedProductsMethod(), this::listFeatured)
                .unary(CatalogServiceGrpc.getSearchProductsMethod(), this::search)
                .unary(CatalogServiceGrpc.getCreateProductMethod(), this::create)
                .unary(CatalogServiceGrpc.getUpdateProductMethod(), this::update)
                .unary(CatalogServiceGrpc.getAdjustStockMethod(), this::adjustStock)
                .unary(CatalogServiceGrpc.getDeleteProductMethod(), this::delete)
                .serverStreaming(CatalogServiceGrpc.getWatchProductsMethod(), this::watch);
    }

    /// A product, for other features as well.
    public Product get(GetProductRequest request, Call call) {
        return products.load(Products.parseId(request.getId()))
                .orElseThrow(() -> Products.notFound(request.getId()));
    }

    BatchGetProductsResponse batchGet(BatchGetProductsRequest request, Call call) {
        var wanted = request.getIdsList().stream().map(Products::parseId).toList();
        var found = database.plain(db -> store.get(db, wanted));
        var response = BatchGetProductsResponse.newBuilder();
        for (var id : wanted) {
            var product = found.get(id);
            if (product == null) {
                throw Products.notFound(id.toString());
            }
            response.addProducts(product);
        }
        return response.build();
    }

    ListProductsResponse list(ListProductsRequest request, Call call) {
        var page =
                pages.read(
                        new Pages.Request(
                                CatalogStore.COLUMNS,
                                request.getFilter(),
                                request.getOrderBy(),
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name())),
                        (condition, keyset, limit) ->
                                database.plain(db -> store.list(db, condition, keyset, limit)));
        return ListProductsResponse.newBuilder()
                .addAllProducts(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    ListFeaturedProductsResponse listFeatured(ListFeaturedProductsRequest request, Call call) {
        var page =
                pages.read(
                        new Pages.Request(
                                CatalogStore.COLUMNS,
                                "",
                                NEWEST_FIRST,
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name())),
                        (condition, keyset, limit) ->
                                database.plain(db ->
                                        store.list(
                                                db,
                                                CatalogStore.FEATURED.and(condition),
                                                keyset,
                                                limit)));
        return ListFeaturedProductsResponse.newBuilder()
                .addAllProducts(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    /// Products by words, for other features as well.
    public SearchProductsResponse search(SearchProductsRequest request, Call call) {
        var page =
                pages.read(
                        new Pages.Request(
                                CatalogStore.RANKED_COLUMNS,
                                request.getFilter(),
                                BEST_FIRST,
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name(), request.getQuery())),
                        (condition, keyset, limit) ->
                                database.plain(db ->
                                        store.search(
                                                db, request.getQuery(), condition, keyset, limit)));
        return SearchProductsResponse.newBuilder()
                .addAllMatches(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    Product create(CreateProductRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Product.parser(),
                db -> {
                    var product = created(request.getProduct());
                    store.insert(db, product);
                    events.created(product);
                    return product;
                });
    }

    Product update(UpdateProductRequest request, Call call) {
        var values = request.getProduct();
        var id = Products.parseId(values.getId());
        var mask = UpdateMask.of(request.getUpdateMask(), Product.getDescriptor(), CHANGEABLE);
        validation.checkFields(values, "product", mask.fields());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Product.parser(),
                db -> {
                    var present = lock(db, id, values.getEtag());
                    var updated =
                            mask.apply(values, present.toBuilder())
                                    .setUpdateTime(Times.now(clock))
                                    .setEtag(Etags.next(present.getEtag()))
                                    .build();
                    store.update(db, updated);
                    publish(updated, mask);
                    return updated;
                });
    }

    Product adjustStock(AdjustStockRequest request, Call call) {
        var id = Products.parseId(request.getId());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Product.parser(),
                db -> stock.adjust(db, id, request.getDelta()));
    }

    Empty delete(DeleteProductRequest request, Call call) {
        var id = Products.parseId(request.getId());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Empty.parser(),
                db -> {
                    var product = lock(db, id, request.getEtag());
                    store.delete(db, id);
                    events.deleted(product);
                    return Empty.getDefaultInstance();
                });
    }

    void watch(WatchProductsRequest request, Outbound<WatchProductsResponse> out, Call call)
            throws InterruptedException {
        var watch = new ProductWatch(store, request);
        new StateStream<>(database, feed, watch.changes(), watch)
                .run(request.getFrom(), request.getSnapshot(), out, call);
    }

    private void publish(Product updated, UpdateMask mask) {
        if (mask.fields().equals(STOCK_ALONE)) {
            events.stockChanged(updated);
        } else {
            events.updated(updated);
        }
    }

    /// The product that a write is about.
    ///
    /// @param etag the version that it must have; empty: any
    private Product lock(DbExecute db, UUID id, String etag) {
        var product = store.lock(db, List.of(id)).get(id);
        if (product == null) {
            throw Products.notFound(id.toString());
        }
        Etags.check(etag, product.getEtag(), "the product");
        return product;
    }

    private Product created(Product product) {
        var time = Times.now(clock);
        return product.toBuilder()
                .setId(ids.next())
                .setCreateTime(time)
                .setUpdateTime(time)
                .setEtag(Etags.FIRST)
                .build();
    }
}
