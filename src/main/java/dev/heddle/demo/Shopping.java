package dev.heddle.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// What is sold, and who buys it.
final class Shopping {
    private static final int MOST_PRODUCTS = 100_000;
    private static final int MOST_ORDERS = 1_000;
    private static final int BATCH = 100;
    private static final int AT_ONCE = 8;
    private static final int RESTOCK = 200;

    private final Api api;
    private final Goods goods;
    private final Known members;
    private final RandomGenerator random;
    private final Known products;
    private final Known placed;
    private final Known paid;

    /// @param members who buy
    Shopping(Api api, Known members, RandomGenerator random) {
        this.api = api;
        this.goods = new Goods(random);
        this.members = members;
        this.random = random;
        this.products = new Known(random, MOST_PRODUCTS);
        this.placed = new Known(random, MOST_ORDERS);
        this.paid = new Known(random, MOST_ORDERS);
    }

    Goods goods() {
        return goods;
    }

    /// Sees to it that there are so many products.
    ///
    /// @param progress gets to know how many there are
    void fill(int wanted, IntConsumer progress) throws IOException, InterruptedException {
        products.load(api, "/v1/products");
        try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            while (products.size() < wanted) {
                var created = new ArrayList<Future<String>>();
                for (int i = 0; i < Math.min(BATCH, wanted - products.size()); i++) {
                    created.add(threads.submit(() -> api.post("/v1/products", goods.next())));
                }
                for (var product : created) {
                    Known.idIn(answer(product)).ifPresent(products::add);
                }
                progress.accept(products.size());
            }
        }
    }

    List<Errand> errands() {
        return List.of(
                new Errand(18, "products read", this::view),
                new Errand(5, "products sought", this::seek),
                new Errand(4, "featured listed", this::browse),
                new Errand(12, "orders placed", this::place),
                new Errand(9, "orders paid", this::pay),
                new Errand(7, "orders shipped", this::ship),
                new Errand(1, "orders cancelled", this::cancel),
                new Errand(2, "prices compared", this::compare));
    }

    private void view() throws IOException, InterruptedException {
        api.get("/v1/products/" + product());
    }

    private void seek() throws IOException, InterruptedException {
        api.get("/v1/products:search?page_size=10&query=" + goods.word());
    }

    private void browse() throws IOException, InterruptedException {
        api.get("/v1/products:listFeatured?page_size=10");
    }

    private void place() throws IOException, InterruptedException {
        var wanted = IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(_ -> product()).toList();
        var lines =
                wanted.stream()
                        .map(product ->
                                "{\"product\":\"%s\",\"quantity\":%d}"
                                        .formatted(product, 1 + random.nextInt(4)))
                        .toList();
        var order =
                "{\"user\":\"%s\",\"lines\":[%s]}"
                        .formatted(members.any().orElseThrow(), String.join(",", lines));
        try {
            Known.idIn(api.post("/v1/orders", order)).ifPresent(placed::add);
        } catch (Api.RefusedException e) {
            for (var product : wanted) {
                api.post(
                        "/v1/products/%s:adjustStock".formatted(product),
                        "{\"delta\":%d}".formatted(RESTOCK));
            }
            throw e;
        }
    }

    private void pay() throws IOException, InterruptedException {
        var order = placed.take();
        if (order.isPresent()) {
            api.post("/v1/orders/%s:pay".formatted(order.get()), "{}");
            paid.add(order.get());
        }
    }

    private void ship() throws IOException, InterruptedException {
        var order = paid.take();
        if (order.isPresent()) {
            api.post("/v1/orders/%s:ship".formatted(order.get()), "{}");
        }
    }

    private void cancel() throws IOException, InterruptedException {
        var order = placed.take();
        if (order.isPresent()) {
            api.post("/v1/orders/%s:cancel".formatted(order.get()), "{}");
        }
    }

    private void compare() throws IOException, InterruptedException {
        api.get("/v1/products/%s/prices:fastest".formatted(product()));
    }

    private String product() {
        return products.any().orElseThrow();
    }

    private static String answer(Future<String> call) throws IOException, InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
