package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.type.Money;
import dev.heddle.async.BatchLoader;
import dev.heddle.catalog.CatalogService;
import dev.heddle.catalog.v1.CatalogServiceGrpc;
import dev.heddle.catalog.v1.CreateProductRequest;
import dev.heddle.catalog.v1.GetProductRequest;
import dev.heddle.catalog.v1.Product;
import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.db.PageTokens;
import dev.heddle.db.PoolSettings;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// The catalog over a database of its own, for the tests of it and of who takes from it.
public final class StoreCalls implements AutoCloseable {
    private static final Clock CLOCK = Clock.systemUTC();

    private final Database database;
    private final Feed feed;
    private final Calls catalog;

    private StoreCalls(Database.Settings settings) {
        this.database = Database.open(settings, new SimpleMeterRegistry());
        this.feed = Feed.start(settings, Settings.DEFAULT, new SimpleMeterRegistry());
        this.catalog =
                Calls.of(
                        new CatalogService(
                                database, feed, pageTokens(), BatchLoader.Settings.DEFAULT, CLOCK));
    }

    public static StoreCalls open() {
        var postgres = TestPostgres.createDatabase();
        var settings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password())
                        .withPool(patient(PoolSettings.defaults()));
        Migrations.run(settings);
        return new StoreCalls(settings);
    }

    /// A crowd that takes turns at one product waits for connections, too.
    private static PoolSettings patient(PoolSettings pool) {
        return new PoolSettings(
                pool.min(),
                pool.max(),
                Duration.ofSeconds(30),
                pool.maxLifetime(),
                pool.idleTimeout(),
                pool.keepAlive(),
                pool.validationTimeout());
    }

    public Database database() {
        return database;
    }

    public Feed feed() {
        return feed;
    }

    public Calls catalog() {
        return catalog;
    }

    public Clock clock() {
        return CLOCK;
    }

    public PageTokens pageTokens() {
        return new PageTokens(new byte[32]);
    }

    public Product create(Product.Builder product) {
        return catalog.unary(
                CatalogServiceGrpc.getCreateProductMethod(),
                CreateProductRequest.newBuilder().setProduct(product).build());
    }

    /// A product at 9.99 euros.
    public Product create(String name, int stock) {
        return create(
                Product.newBuilder().setName(name).setStock(stock).setPrice(euros(9, 990_000_000)));
    }

    public Product product(String id) {
        return catalog.unary(
                CatalogServiceGrpc.getGetProductMethod(),
                GetProductRequest.newBuilder().setId(id).build());
    }

    public static Money euros(long units, int nanos) {
        return Money.newBuilder().setCurrencyCode("EUR").setUnits(units).setNanos(nanos).build();
    }

    /// Runs bodies at the same time.
    public static <T> List<T> together(List<Callable<T>> bodies) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = new ArrayList<T>();
            for (var future : threads.invokeAll(bodies)) {
                outcomes.add(future.get());
            }
            return outcomes;
        }
    }

    @Override
    public void close() {
        assertThat(database.busyConnections()).isZero();
        feed.close();
        database.close();
    }
}
