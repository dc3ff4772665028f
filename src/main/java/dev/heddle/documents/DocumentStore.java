package dev.heddle.documents;

import com.google.protobuf.Struct;
import dev.heddle.db.Excerpt;
import dev.heddle.db.Found;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.documents.v1.Document;
import dev.heddle.feed.Payloads;
import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The table `documents`.
final class DocumentStore {
    private static final String DOCUMENT =
            "collection, id, CAST(content AS text), create_time, update_time, version";

    /// All texts in a document, in the order in which the database keeps its members.
    private static final String TEXTS =
            """
            (SELECT coalesce(string_agg(value #>> '{}', ' '), '')
             FROM jsonb_path_query(content, 'strict $.**') AS value
             WHERE jsonb_typeof(value) = 'string')\
            """;

    Optional<Document> get(DbExecute db, String collection, String id) {
        return find(db, "documents.get", collection, id, "");
    }

    /// Reads a document that nobody else can change until the transaction ends.
    Optional<Document> lock(DbExecute db, String collection, String id) {
        return find(db, "documents.lock", collection, id, "FOR UPDATE");
    }

    private static Optional<Document> find(
            DbExecute db, String name, String collection, String id, String locking) {
        return db.createNamedGet(
                        name,
                        "SELECT %s FROM documents WHERE collection = :collection AND id = :id %s"
                                .formatted(DOCUMENT, locking))
                .addParam("collection", collection)
                .addParam("id", id)
                .execute()
                .map(row -> document(Row.of(row)));
    }

    /// Documents by id.
    ///
    /// @param after the id that they come behind
    /// @param filter a JSON object that they contain
    List<Document> list(DbExecute db, String collection, String after, String filter, int limit) {
        var documents = new ArrayList<Document>();
        Rows.forEach(
                db,
                new Query(
                        "documents.list",
                        """
                        SELECT %s FROM documents
                        WHERE collection = :collection AND id > :after
                          AND content @> CAST(:filter AS jsonb)
                        ORDER BY id LIMIT :limit
                        """
                                .formatted(DOCUMENT),
                        Map.of(
                                "collection", collection,
                                "after", after,
                                "filter", filter,
                                "limit", limit)),
                row -> documents.add(document(row)));
        return documents;
    }

    /// The documents whose texts match words best; a title is what they are named.
    ///
    /// @param words as in a web search
    List<Found> search(DbExecute db, String words, int limit) {
        var sql =
                """
                SELECT collection || '/' || id, %s
                FROM (SELECT collection, id, content, query, ts_rank_cd(words, query) AS rank
                      FROM documents, websearch_to_tsquery('simple', :words) AS query
                      WHERE words @@ query ORDER BY rank DESC, collection, id LIMIT :limit) AS best
                ORDER BY rank DESC, collection, id
                """
                        .formatted(Excerpt.sql("simple", TEXTS, "query"));
        return Rows.list(
                db,
                new Query(
                        "documents.search",
                        sql,
                        Map.of("words", words, "limit", limit, "marks", Excerpt.MARKS)),
                row -> new Found(row.text(1), row.text(1), Excerpt.marked(row.text(2))));
    }

    /// Hands over each document of a collection, as the database yields it.
    void all(DbExecute db, String collection, Consumer<Document> consumer) {
        var _ =
                Rows.forEach(
                        db,
                        new Query(
                                "documents.all",
                                "SELECT %s FROM documents WHERE collection = :collection ORDER BY id"
                                        .formatted(DOCUMENT),
                                Map.of("collection", collection)),
                        row -> consumer.accept(document(row)));
    }

    /// Inserts a document, unless the collection has one of its id.
    ///
    /// @return whether it was inserted
    boolean insert(DbExecute db, Document document) {
        return db.createNamedInsert(
                                "documents.insert",
                                """
                                INSERT INTO documents
                                  (collection, id, content, create_time, update_time, version)
                                VALUES (:collection, :id, CAST(:content AS jsonb), :time, :time, 1)
                                ON CONFLICT (collection, id) DO NOTHING
                                """)
                        .addParam("collection", document.getCollection())
                        .addParam("id", document.getId())
                        .addParam("content", Payloads.of(document.getContent()))
                        .addParam("time", Times.parameter(document.getCreateTime()))
                        .execute()
                == 1;
    }

    /// Writes what can change of a document, as the next version.
    void update(DbExecute db, Document document) {
        db.createNamedUpdate(
                        "documents.update",
                        """
                        UPDATE documents SET content = CAST(:content AS jsonb), update_time = :time,
                                             version = version + 1
                        WHERE collection = :collection AND id = :id
                        """)
                .addParam("collection", document.getCollection())
                .addParam("id", document.getId())
                .addParam("content", Payloads.of(document.getContent()))
                .addParam("time", Times.parameter(document.getUpdateTime()))
                .execute();
    }

    void delete(DbExecute db, String collection, String id) {
        db.createNamedDelete(
                        "documents.delete",
                        "DELETE FROM documents WHERE collection = :collection AND id = :id")
                .addParam("collection", collection)
                .addParam("id", id)
                .execute();
    }

    /// The names of collections, each from the index, past all the documents of the one before.
    List<String> collections(DbExecute db, String after, int limit) {
        var names = new ArrayList<String>();
        Rows.forEach(
                db,
                new Query(
                        "documents.collections",
                        """
                        WITH RECURSIVE walk (name, number) AS (
                          (SELECT collection, 1 FROM documents WHERE collection > :after
                           ORDER BY collection LIMIT 1)
                          UNION ALL
                          SELECT (SELECT collection FROM documents WHERE collection > walk.name
                                  ORDER BY collection LIMIT 1), number + 1
                          FROM walk WHERE walk.name IS NOT NULL AND number < :limit
                        )
                        SELECT name FROM walk WHERE name IS NOT NULL
                        """,
                        Map.of("after", after, "limit", limit)),
                row -> names.add(row.text(1)));
        return names;
    }

    private static Document document(Row row) {
        return Document.newBuilder()
                .setCollection(row.text(1))
                .setId(row.text(2))
                .setContent(Payloads.read(row.text(3), Struct.newBuilder()))
                .setCreateTime(row.timestamp(4))
                .setUpdateTime(row.timestamp(5))
                .setEtag(row.text(6))
                .build();
    }
}
