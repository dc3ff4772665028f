package dev.heddle.posts;

import dev.heddle.db.Found;
import io.helidon.dbclient.DbExecute;
import java.util.List;

/// Finds posts by the words of their titles and texts, for other features.
public final class PostSearch {
    private final PostStore store = new PostStore();

    /// The best matches first; what matches as well is in the order of ids.
    ///
    /// @param words as in a web search; what is no syntax is a word
    public List<Found> find(DbExecute db, String words, int limit) {
        return store.search(db, words, limit);
    }
}
