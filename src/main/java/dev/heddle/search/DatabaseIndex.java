package dev.heddle.search;

import dev.heddle.db.Database;
import dev.heddle.db.Excerpt;
import dev.heddle.db.Found;
import dev.heddle.search.v1.Hit;
import dev.heddle.search.v1.Piece;
import dev.heddle.search.v1.Source;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a feature keeps in the database.
///
/// @param type what a hit is
/// @param link the path by which a thing is to be had, from its id
record DatabaseIndex(
        Source source,
        String scope,
        String type,
        UnaryOperator<String> link,
        Database database,
        Finder finder)
        implements Index {
    /// How a feature finds what it keeps.
    @FunctionalInterface
    interface Finder {
        List<Found> find(DbExecute db, String query, int limit);
    }

    @Override
    public boolean isConfigured() {
        return true;
    }

    @Override
    public List<Hit> find(String query, int limit) {
        return database.plain(db -> finder.find(db, query, limit)).stream().map(this::hit).toList();
    }

    private Hit hit(Found found) {
        return Hit.newBuilder()
                .setSource(source)
                .setType(type)
                .setId(found.id())
                .setTitle(found.title())
                .addAllSnippet(found.excerpt().pieces().stream().map(DatabaseIndex::piece).toList())
                .setLink(link.apply(found.id()))
                .build();
    }

    private static Piece piece(Excerpt.Piece piece) {
        return Piece.newBuilder().setText(piece.text()).setIsMatch(piece.isMatch()).build();
    }
}
