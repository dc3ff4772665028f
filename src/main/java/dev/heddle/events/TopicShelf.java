package dev.heddle.events;

import dev.heddle.db.Pages;
import dev.heddle.feed.Feed;
import java.util.List;

/// Topics by name.
record TopicShelf(Feed feed) implements Pages.Shelf<Feed.Topic> {
    @Override
    public List<Feed.Topic> behind(List<String> place, int limit) {
        return feed.topics(place.isEmpty() ? "" : place.getFirst(), limit);
    }

    @Override
    public List<String> place(Feed.Topic topic) {
        return List.of(topic.name());
    }
}
