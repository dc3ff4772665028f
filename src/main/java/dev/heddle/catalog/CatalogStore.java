package dev.heddle.catalog;

import com.google.protobuf.Timestamp;
import dev.heddle.catalog.v1.Product;
import dev.heddle.catalog.v1.SearchProductsResponse.Match;
import dev.heddle.db.Columns;
import dev.heddle.db.Condition;
import dev.heddle.db.Excerpt;
import dev.heddle.db.Found;
import dev.heddle.db.IdQuery;
import dev.heddle.db.Keyset;
import dev.heddle.db.Listed;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.money.Amounts;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbStatementDml;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/// The table `products`.
final class CatalogStore {
    /// The fields that a filter and an order may name.
    static final Columns COLUMNS = columns().build();

    /// The same, and how well a product matches a query.
    static final Columns RANKED_COLUMNS = columns().decimal("rank", CatalogStore.RANK).build();

    /// Those that are shown in the window.
    static final Condition FEATURED = new Condition("(featured AND stock > 0)", Map.of());

    /// A number of exact decimals, so that a page can go on behind it.
    private static final String RANK = "CAST(ts_rank_cd(words, query) AS numeric)";

    private static final String PRODUCT =
            """
            id, name, description, price, currency, stock, array_to_string(tags, ','),
            CAST(featured AS integer), create_time, update_time, version\
            """;
    private static final int COLUMNS_OF_PRODUCT = 11;
    private static final IdQuery BY_ID =
            new IdQuery("products.get", "SELECT " + PRODUCT + " FROM products WHERE id IN (:ids)");
    private static final IdQuery LOCK_BY_ID =
            new IdQuery(
                    "products.lock",
                    "SELECT "
                            + PRODUCT
                            + " FROM products WHERE id IN (:ids) ORDER BY id FOR UPDATE");

    private static Columns.Builder columns() {
        return Columns.builder()
                .uuid("id", "id")
                .text("name", "name")
                .text("description", "description")
                .decimal("price", "price")
                .text("currency", "currency")
                .integer("stock", "stock")
                .texts("tags", "tags")
                .bool("featured", "featured")
                .timestamp("create_time", "create_time")
                .timestamp("update_time", "update_time");
    }

    Optional<Product> get(DbExecute db, UUID id) {
        return Optional.ofNullable(get(db, Set.of(id)).get(id));
    }

    /// Those of some products that are there.
    Map<UUID, Product> get(DbExecute db, Collection<UUID> ids) {
        return read(db, BY_ID.of(ids));
    }

    List<Listed<Product>> list(DbExecute db, Condition condition, Keyset keyset, int limit) {
        var listed = new ArrayList<Listed<Product>>();
        var sql =
                "SELECT %s, %s FROM products WHERE %s ORDER BY %s LIMIT %d"
                        .formatted(
                                PRODUCT,
                                keyset.selection(),
                                condition.sql(),
                                keyset.orderBy(),
                                limit);
        Rows.forEach(
                db,
                new Query("products.list", sql, condition.parameters()),
                row ->
                        listed.add(
                                new Listed<>(
                                        product(row),
                                        keyset.position(row, COLUMNS_OF_PRODUCT + 1))));
        return listed;
    }

    /// Finds products by words.
    ///
    /// @param words as in a web search
    List<Listed<Match>> search(
            DbExecute db, String words, Condition condition, Keyset keyset, int limit) {
        var listed = new ArrayList<Listed<Match>>();
        var sql =
                """
                SELECT %s, %s, %s
                FROM products, websearch_to_tsquery('english', :words) AS query
                WHERE words @@ query AND %s ORDER BY %s LIMIT %d
                """
                        .formatted(
                                PRODUCT,
                                RANK,
                                keyset.selection(),
                                condition.sql(),
                                keyset.orderBy(),
                                limit);
        var both = condition.and(new Condition("(TRUE)", Map.of("words", words)));
        Rows.forEach(
                db,
                new Query("products.search", sql, both.parameters()),
                row ->
                        listed.add(
                                new Listed<>(
                                        match(row), keyset.position(row, COLUMNS_OF_PRODUCT + 2))));
        return listed;
    }

    /// The products that match words best.
    ///
    /// @param words as in a web search
    List<Found> find(DbExecute db, String words, int limit) {
        var sql =
                """
                SELECT id, name, %s
                FROM (SELECT id, name, description, query, ts_rank_cd(words, query) AS rank
                      FROM products, websearch_to_tsquery('english', :words) AS query
                      WHERE words @@ query ORDER BY rank DESC, id LIMIT :limit) AS best
                ORDER BY rank DESC, id
                """
                        .formatted(Excerpt.sql("english", "description", "query"));
        return Rows.list(
                db,
                new Query(
                        "products.find",
                        sql,
                        Map.of("words", words, "limit", limit, "marks", Excerpt.MARKS)),
                row -> new Found(row.text(1), row.text(2), Excerpt.marked(row.text(3))));
    }

    /// Hands over each product in the order of creation, as the database yields it.
    void export(DbExecute db, Condition condition, Consumer<Product> consumer) {
        var sql =
                "SELECT %s FROM products WHERE %s ORDER BY id".formatted(PRODUCT, condition.sql());
        Rows.forEach(
                db,
                new Query("products.export", sql, condition.parameters()),
                row -> consumer.accept(product(row)));
    }

    /// Reads products that nobody else can change until the transaction ends.
    ///
    /// Whoever locks several does it here, in one order, so that nobody waits for who waits for
    /// him.
    Map<UUID, Product> lock(DbExecute db, Collection<UUID> ids) {
        return read(db, LOCK_BY_ID.of(ids));
    }

    void insert(DbExecute db, Product product) {
        var insert =
                db.createNamedInsert(
                        "products.insert",
                        """
                        INSERT INTO products (id, name, description, price, currency, stock, tags,
                                              featured, create_time, update_time, version)
                        VALUES (CAST(:id AS uuid), :name, :description, :price, :currency, :stock,
                                CAST(:tags AS text[]), :featured, :time, :time, 1)
                        """);
        set(insert, product).addParam("time", Times.parameter(product.getCreateTime())).execute();
    }

    /// Writes what callers can change of a product, as the next version.
    void update(DbExecute db, Product product) {
        var update =
                db.createNamedUpdate(
                        "products.update",
                        """
                        UPDATE products
                        SET name = :name, description = :description, price = :price,
                            currency = :currency, stock = :stock, tags = CAST(:tags AS text[]),
                            featured = :featured, update_time = :time, version = version + 1
                        WHERE id = CAST(:id AS uuid)
                        """);
        set(update, product).addParam("time", Times.parameter(product.getUpdateTime())).execute();
    }

    /// Writes the stock of locked products, as their next versions.
    void updateStock(DbExecute db, List<Product> products, Timestamp time) {
        db.createNamedUpdate(
                        "products.update_stock",
                        """
                        UPDATE products
                        SET stock = new.stock, update_time = :time, version = version + 1
                        FROM unnest(CAST(:ids AS uuid[]), CAST(:stocks AS integer[]))
                             AS new (id, stock)
                        WHERE products.id = new.id
                        """)
                .addParam("ids", products.stream().map(Product::getId).toArray(String[]::new))
                .addParam(
                        "stocks", products.stream().map(Product::getStock).toArray(Integer[]::new))
                .addParam("time", Times.parameter(time))
                .execute();
    }

    void delete(DbExecute db, UUID id) {
        db.createNamedDelete("products.delete", "DELETE FROM products WHERE id = CAST(:id AS uuid)")
                .addParam("id", id.toString())
                .execute();
    }

    private static DbStatementDml set(DbStatementDml statement, Product product) {
        return statement
                .addParam("id", product.getId())
                .addParam("name", product.getName())
                .addParam("description", product.getDescription())
                .addParam("price", Amounts.of(product.getPrice()))
                .addParam("currency", product.getPrice().getCurrencyCode())
                .addParam("stock", product.getStock())
                .addParam("tags", product.getTagsList().toArray(String[]::new))
                .addParam("featured", product.getFeatured());
    }

    private static Map<UUID, Product> read(DbExecute db, Query query) {
        return Rows.map(db, query, CatalogStore::product, Products::id);
    }

    private static Match match(Row row) {
        return Match.newBuilder()
                .setProduct(product(row))
                .setRank(Double.parseDouble(row.text(COLUMNS_OF_PRODUCT + 1)))
                .build();
    }

    private static Product product(Row row) {
        var product =
                Product.newBuilder()
                        .setId(row.text(1))
                        .setName(row.text(2))
                        .setDescription(row.text(3))
                        .setPrice(Amounts.of(new BigDecimal(row.text(4)), row.text(5)))
                        .setStock((int) row.integer(6))
                        .setFeatured(row.integer(8) == 1)
                        .setCreateTime(row.timestamp(9))
                        .setUpdateTime(row.timestamp(10))
                        .setEtag(row.text(11));
        var tags = row.text(7);
        if (!tags.isEmpty()) {
            product.addAllTags(List.of(tags.split(",", -1)));
        }
        return product.build();
    }
}
