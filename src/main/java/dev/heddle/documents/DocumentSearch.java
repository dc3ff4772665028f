package dev.heddle.documents;

import dev.heddle.db.Found;
import io.helidon.dbclient.DbExecute;
import java.util.List;

/// Finds documents by the words of the texts in them, for other features.
public final class DocumentSearch {
    private final DocumentStore store = new DocumentStore();

    /// The best matches first; what matches as well is in the order of ids.
    ///
    /// @param words as in a web search; what is no syntax is a word
    public List<Found> find(DbExecute db, String words, int limit) {
        return store.search(db, words, limit);
    }
}
