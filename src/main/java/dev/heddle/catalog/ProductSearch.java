package dev.heddle.catalog;

import dev.heddle.db.Found;
import io.helidon.dbclient.DbExecute;
import java.util.List;

/// Finds products by the words of their names, tags and descriptions, for other features.
public final class ProductSearch {
    private final CatalogStore store = new CatalogStore();

    /// The best matches first; what matches as well is in the order of ids.
    ///
    /// @param words as in a web search; what is no syntax is a word
    public List<Found> find(DbExecute db, String words, int limit) {
        return store.find(db, words, limit);
    }
}
