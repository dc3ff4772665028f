package dev.heddle.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.rpc.BadRequest;
import com.google.type.Money;
import dev.heddle.catalog.v1.AdjustStockRequest;
import dev.heddle.catalog.v1.BatchGetProductsRequest;
import dev.heddle.catalog.v1.CatalogServiceGrpc;
import dev.heddle.catalog.v1.CreateProductRequest;
import dev.heddle.catalog.v1.DeleteProductRequest;
import dev.heddle.catalog.v1.ListFeaturedProductsRequest;
import dev.heddle.catalog.v1.ListProductsRequest;
import dev.heddle.catalog.v1.Product;
import dev.heddle.catalog.v1.SearchProductsRequest;
import dev.heddle.catalog.v1.SearchProductsResponse;
import dev.heddle.catalog.v1.SearchProductsResponse.Match;
import dev.heddle.catalog.v1.UpdateProductRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class CatalogServiceTest {
    private static final StoreCalls STORE = StoreCalls.open();

    @AfterAll
    static void close() {
        STORE.close();
    }

    @Test
    void productIsKeptAsItWasCreated() {
        var created =
                STORE.create(
                        product("Garden chair")
                                .setDescription("Made of teak")
                                .setPrice(StoreCalls.euros(129, 950_000_000))
                                .setStock(7)
                                .addTags("garden")
                                .addTags("wood")
                                .setFeatured(true));

        assertThat(created.getEtag()).isEqualTo("1");
        assertThat(STORE.product(created.getId())).isEqualTo(created);
        assertThat(STORE.product(created.getId().toUpperCase(Locale.ROOT))).isEqualTo(created);
    }

    @Test
    void manyWhoAskAtOnceGetTheProductAsItIs() throws Exception {
        var product = STORE.create("Chair", 100);
        var buying = new ArrayList<Callable<Void>>();
        for (int i = 0; i < 100; i++) {
            buying.add(() -> {
                var left = adjust(product.getId(), -1, "").getStock();
                assertThat(STORE.product(product.getId()).getStock()).isBetween(0, left);
                return null;
            });
        }

        var _ = StoreCalls.together(buying);

        assertThat(STORE.product(product.getId()).getStock()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "E   | 1          | 0          | 0  | ok   | product.price",
                "EUR | -1         | 0          | 0  | ok   | product.price",
                "EUR | 1000000000 | 1          | 0  | ok   | product.price",
                "EUR | 1          | 1000000000 | 0  | ok   | product.price",
                "EUR | 1          | 0          | -1 | ok   | product.stock",
                "EUR | 1          | 0          | 0  | a,b  | product.tags[0]",
            })
    void productThatBreaksARuleIsRefused(
            String currency, long units, int nanos, int stock, String tag, String field) {
        var price = Money.newBuilder().setCurrencyCode(currency).setUnits(units).setNanos(nanos);
        var broken = product("Chair").setPrice(price).setStock(stock).addTags(tag);

        var failure = Calls.failure(() -> STORE.create(broken));

        assertThat(failure.detail(BadRequest.class).orElseThrow().getFieldViolationsList())
                .extracting(BadRequest.FieldViolation::getField)
                .containsExactly(field);
    }

    @Test
    void updateChangesWhatItsMaskNames() {
        var created = STORE.create(product("Before").setStock(3).addTags("old"));
        var values =
                product("After")
                        .setId(created.getId())
                        .addTags("new")
                        .setEtag(created.getEtag())
                        .build();

        var updated = update(values, "name", "tags", "featured");

        assertThat(updated)
                .isEqualTo(
                        created.toBuilder()
                                .setName("After")
                                .clearTags()
                                .addTags("new")
                                .setUpdateTime(updated.getUpdateTime())
                                .setEtag("2")
                                .build());
        assertThat(STORE.product(created.getId())).isEqualTo(updated);
        assertThat(Calls.failure(() -> update(values, "name")).reason()).contains("ETAG_MISMATCH");
        assertThat(Calls.failure(() -> update(values, "id")).message())
                .startsWith("update_mask: the server alone sets \"id\"");
    }

    @Test
    void productsAreFetchedTogetherInTheOrderOfTheirIds() {
        var first = STORE.create("First", 1);
        var second = STORE.create("Second", 1);

        assertThat(batchGet(second.getId(), first.getId())).containsExactly(second, first);
        assertThat(
                        Calls.failure(() -> batchGet(first.getId(), UUID.randomUUID().toString()))
                                .reason())
                .contains("PRODUCT_NOT_FOUND");
    }

    @Test
    void filterRangesOverPriceStockTagsAndWindow() {
        var tag = tag();
        var cheap = STORE.create(tagged(tag).setPrice(StoreCalls.euros(19, 980_000_000)));
        var dear =
                STORE.create(
                        tagged(tag).setPrice(StoreCalls.euros(20, 0)).setStock(5).addTags("x"));
        var shown = STORE.create(tagged(tag).setPrice(StoreCalls.euros(5, 0)).setFeatured(true));

        assertThat(listed("tags:%s AND price < 19.99".formatted(tag), "price"))
                .containsExactly(shown, cheap);
        assertThat(listed("tags:%s stock > 0".formatted(tag), "")).containsExactly(dear);
        assertThat(listed("tags:%s AND tags:x".formatted(tag), "")).containsExactly(dear);
        assertThat(listed("tags:%s AND featured = true".formatted(tag), "")).containsExactly(shown);
        assertThat(listed("tags:%s".formatted(tag), "price desc"))
                .containsExactly(dear, cheap, shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "price < 1e9 | ''   | filter",
                "tags = x    | ''   | filter",
                "''          | tags | order_by",
            })
    void filterAndOrderThatCannotBeReadAreRefused(String filter, String orderBy, String field) {
        assertThat(Calls.failure(() -> listed(filter, orderBy)).message()).startsWith(field + ": ");
    }

    @Test
    void searchRanksNamesOverTagsOverDescriptions() {
        var word = word();
        var described = STORE.create(product("Lamp").setDescription("A lamp like a " + word));
        var tagged = STORE.create(product("Table").addTags(word));
        var named = STORE.create(product(word + " stool"));
        STORE.create(product("Nothing of the kind"));

        assertThat(search(word))
                .extracting(Match::getProduct)
                .containsExactly(named, tagged, described);
        assertThat(search(word))
                .extracting(Match::getRank)
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(search(word + " -lamp"))
                .extracting(Match::getProduct)
                .containsExactly(named, tagged);
        assertThat(search("\"%s stools\"".formatted(word)))
                .extracting(Match::getProduct)
                .containsExactly(named);
        assertThat(search("the")).isEmpty();
    }

    @Test
    void searchGoesOnBehindEqualRanks() {
        var word = word();
        var ids =
                IntStream.range(0, 25)
                        .mapToObj(i -> STORE.create(product("%s %d".formatted(word, i))).getId())
                        .toList();
        var found = new ArrayList<String>();
        var token = "";
        do {
            var page = search(word, 7, token);
            page.getMatchesList().forEach(match -> found.add(match.getProduct().getId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(found).isEqualTo(ids.reversed());
        var another = search(word, 7, "").getNextPageToken();
        assertThat(Calls.failure(() -> search("other", 7, another)).message())
                .contains("page_token");
    }

    @Test
    void windowShowsWhatIsThereTheNewestFirst() {
        var tag = tag();
        var older = STORE.create(tagged(tag).setStock(1).setFeatured(true));
        var newer = STORE.create(tagged(tag).setStock(1).setFeatured(true));
        var sold = STORE.create(tagged(tag).setFeatured(true));

        var shown =
                STORE.catalog()
                        .unary(
                                CatalogServiceGrpc.getListFeaturedProductsMethod(),
                                ListFeaturedProductsRequest.getDefaultInstance())
                        .getProductsList();

        assertThat(shown).containsSubsequence(newer, older).doesNotContain(sold);
    }

    @Test
    void adjustmentsAddUpAndNeverGoBelowNothing() throws Exception {
        var product = STORE.create("Chair", 10);
        Callable<Boolean> taking =
                () -> {
                    try {
                        adjust(product.getId(), -1, "");
                        return true;
                    } catch (RpcException e) {
                        assertThat(e.reason()).contains("OUT_OF_STOCK");
                        return false;
                    }
                };

        var outcomes = StoreCalls.together(IntStream.range(0, 20).mapToObj(_ -> taking).toList());

        assertThat(outcomes).filteredOn(taken -> taken).hasSize(10);
        assertThat(STORE.product(product.getId()).getStock()).isZero();
        assertThat(adjust(product.getId(), 5, "").getStock()).isEqualTo(5);
        assertThat(Calls.failure(() -> adjust(product.getId(), 1_000_000_000, "")).code())
                .isEqualTo(Code.OUT_OF_RANGE);
    }

    @Test
    void repeatedWritesWithTheirIdsChangeNothing() {
        var requestId = UUID.randomUUID().toString();
        var request =
                CreateProductRequest.newBuilder()
                        .setProduct(product("Chair"))
                        .setRequestId(requestId)
                        .build();
        var created = STORE.catalog().unary(CatalogServiceGrpc.getCreateProductMethod(), request);

        assertThat(STORE.catalog().unary(CatalogServiceGrpc.getCreateProductMethod(), request))
                .isEqualTo(created);
        adjust(created.getId(), 3, requestId);
        assertThat(adjust(created.getId(), 3, requestId).getStock()).isEqualTo(3);
    }

    @Test
    void deletedProductIsGone() {
        var created = STORE.create("Chair", 1);

        var stale = DeleteProductRequest.newBuilder().setId(created.getId()).setEtag("7").build();
        assertThat(
                        Calls.failure(() ->
                                        STORE.catalog()
                                                .unary(
                                                        CatalogServiceGrpc.getDeleteProductMethod(),
                                                        stale))
                                .reason())
                .contains("ETAG_MISMATCH");
        var _ =
                STORE.catalog()
                        .unary(
                                CatalogServiceGrpc.getDeleteProductMethod(),
                                stale.toBuilder().clearEtag().build());
        assertThat(Calls.failure(() -> STORE.product(created.getId())).reason())
                .contains("PRODUCT_NOT_FOUND");
    }

    private static Product.Builder product(String name) {
        return Product.newBuilder().setName(name).setPrice(StoreCalls.euros(10, 0));
    }

    private static Product.Builder tagged(String tag) {
        return product("Chair").addTags(tag);
    }

    private static Product update(Product values, String... paths) {
        return STORE.catalog()
                .unary(
                        CatalogServiceGrpc.getUpdateProductMethod(),
                        UpdateProductRequest.newBuilder()
                                .setProduct(values)
                                .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(paths)))
                                .build());
    }

    private static Product adjust(String id, int delta, String requestId) {
        return STORE.catalog()
                .unary(
                        CatalogServiceGrpc.getAdjustStockMethod(),
                        AdjustStockRequest.newBuilder()
                                .setId(id)
                                .setDelta(delta)
                                .setRequestId(requestId)
                                .build());
    }

    private static List<Product> batchGet(String... ids) {
        return STORE.catalog()
                .unary(
                        CatalogServiceGrpc.getBatchGetProductsMethod(),
                        BatchGetProductsRequest.newBuilder().addAllIds(List.of(ids)).build())
                .getProductsList();
    }

    private static List<Product> listed(String filter, String orderBy) {
        return STORE.catalog()
                .unary(
                        CatalogServiceGrpc.getListProductsMethod(),
                        ListProductsRequest.newBuilder()
                                .setFilter(filter)
                                .setOrderBy(orderBy)
                                .build())
                .getProductsList();
    }

    private static List<Match> search(String query) {
        return search(query, 0, "").getMatchesList();
    }

    private static SearchProductsResponse search(String query, int size, String token) {
        return STORE.catalog()
                .unary(
                        CatalogServiceGrpc.getSearchProductsMethod(),
                        SearchProductsRequest.newBuilder()
                                .setQuery(query)
                                .setPageSize(size)
                                .setPageToken(token)
                                .build());
    }

    private static String tag() {
        return "tag-" + UUID.randomUUID();
    }

    /// A word that stems to itself.
    private static String word() {
        return "q" + UUID.randomUUID().toString().replace("-", "").replaceAll("[0-9]", "z") + "q";
    }
}
