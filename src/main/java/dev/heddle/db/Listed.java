package dev.heddle.db;

import java.util.List;

/// An item and its place in a list.
///
/// @param <T> the type of the items
/// @param item the item
/// @param position what [Keyset#after] takes to go on behind it
public record Listed<T>(T item, List<String> position) {
    public Listed {
        position = List.copyOf(position);
    }
}
