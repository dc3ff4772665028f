package dev.heddle.db;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// A list in the order of its items' ids, in which an item's place is its id.
///
/// @param first what stands before the first id of all
/// @param reading reads the items behind an id
/// @param id of an item
public record IdShelf<T>(UUID first, Reading<T> reading, Function<T, String> id)
        implements Pages.Shelf<T> {
    private static final UUID LEAST = new UUID(0, 0);
    private static final UUID GREATEST = new UUID(-1, -1);

    /// Reads the items behind an id, as many as there may be.
    @FunctionalInterface
    public interface Reading<T> {
        List<T> behind(UUID id, int limit);
    }

    /// The items whose ids were made last come first.
    public static <T> IdShelf<T> newestFirst(Reading<T> reading, Function<T, String> id) {
        return new IdShelf<>(GREATEST, reading, id);
    }

    /// The items whose ids were made first come first.
    public static <T> IdShelf<T> oldestFirst(Reading<T> reading, Function<T, String> id) {
        return new IdShelf<>(LEAST, reading, id);
    }

    @Override
    public List<T> behind(List<String> place, int limit) {
        return reading.behind(place.isEmpty() ? first : UUID.fromString(place.getFirst()), limit);
    }

    @Override
    public List<String> place(T item) {
        return List.of(id.apply(item));
    }
}
