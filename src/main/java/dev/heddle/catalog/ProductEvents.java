package dev.heddle.catalog;

import dev.heddle.catalog.v1.Product;
import dev.heddle.catalog.v1.WatchProductsResponse;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Topics;
import dev.heddle.feed.v1.Bookmark;

/// What happens to products, as events of the topic `products`: the product is the payload, its id
/// the key.
final class ProductEvents {
    static final Topics TOPICS = Topics.of(ProductEvents.TOPIC);

    /// How a watcher learns of an event.
    static final FeedEvent.Reading<WatchProductsResponse> READING = ProductEvents::toMessage;

    private static final String TOPIC = "products";
    private static final String CREATED = "product.created";
    private static final String UPDATED = "product.updated";
    private static final String DELETED = "product.deleted";
    private static final String STOCK_CHANGED = "product.stock_changed";

    private final Feed feed;

    ProductEvents(Feed feed) {
        this.feed = feed;
    }

    void created(Product product) {
        publish(CREATED, product);
    }

    void updated(Product product) {
        publish(UPDATED, product);
    }

    /// @param product as it was last
    void deleted(Product product) {
        publish(DELETED, product);
    }

    /// To be told where nothing but the stock has changed.
    void stockChanged(Product product) {
        publish(STOCK_CHANGED, product);
    }

    private void publish(String type, Product product) {
        feed.publish(new NewEvent(TOPIC, type, product.getId(), Payloads.of(product)));
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchProductsResponse toMessage(FeedEvent event) {
        var message = WatchProductsResponse.newBuilder().setToken(event.token().toString());
        var product = Payloads.read(event.payload(), Product.newBuilder());
        return switch (event.type()) {
            case CREATED -> message.setCreated(product).build();
            case UPDATED -> message.setUpdated(product).build();
            case DELETED -> message.setDeleted(product).build();
            case STOCK_CHANGED -> message.setStockChanged(product).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }
}
