package dev.heddle.events;

import dev.heddle.db.Pages;
import dev.heddle.feed.EventHandlers;
import dev.heddle.feed.ParkedEvent;
import java.util.List;

/// Parked events, oldest first.
///
/// @param handler whose; empty: anybody's
record ParkedShelf(EventHandlers handlers, String handler) implements Pages.Shelf<ParkedEvent> {
    @Override
    public List<ParkedEvent> behind(List<String> place, int limit) {
        return place.isEmpty()
                ? handlers.parked(handler, 0, "", limit)
                : handlers.parked(
                        handler, Long.parseLong(place.getFirst()), place.getLast(), limit);
    }

    @Override
    public List<String> place(ParkedEvent parked) {
        return List.of(Long.toString(parked.event().seq()), parked.handler());
    }
}
