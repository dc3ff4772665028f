package dev.heddle.posts;

import dev.heddle.db.Condition;
import dev.heddle.db.Excerpt;
import dev.heddle.db.Found;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.posts.v1.Post;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The table `posts`.
final class PostStore {
    private static final String POST =
            "id, author, title, body, comment_count, create_time, update_time, version, comment_changes";

    /// A post, and of which of the states that its comments have been in it tells.
    ///
    /// @param commentChanges the number of the state
    record Reading(Post post, long commentChanges) {}

    Optional<Reading> get(DbExecute db, UUID id) {
        return find(db, "posts.get", id, "");
    }

    /// Reads a post that nobody else can change until the transaction ends.
    Optional<Post> lock(DbExecute db, UUID id) {
        return find(db, "posts.lock", id, "FOR UPDATE").map(Reading::post);
    }

    private static Optional<Reading> find(DbExecute db, String name, UUID id, String locking) {
        return db.createNamedGet(
                        name,
                        "SELECT %s FROM posts WHERE id = CAST(:id AS uuid) %s"
                                .formatted(POST, locking))
                .addParam("id", id.toString())
                .execute()
                .map(row -> reading(Row.of(row)));
    }

    Optional<UUID> author(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "posts.author", "SELECT author FROM posts WHERE id = CAST(:id AS uuid)")
                .addParam("id", id.toString())
                .execute()
                .map(row -> UUID.fromString(Row.of(row).text(1)));
    }

    /// The newest posts that a condition holds for.
    List<Post> list(DbExecute db, Condition condition, int limit) {
        var sql =
                "SELECT %s FROM posts WHERE %s ORDER BY id DESC LIMIT %d"
                        .formatted(POST, condition.sql(), limit);
        return Rows.list(
                db,
                new Query("posts.list", sql, condition.parameters()),
                row -> reading(row).post());
    }

    /// The posts that match words best.
    ///
    /// @param words as in a web search
    List<Found> search(DbExecute db, String words, int limit) {
        var sql =
                """
                SELECT id, title, %s
                FROM (SELECT id, title, body, query, ts_rank_cd(words, query) AS rank
                      FROM posts, websearch_to_tsquery('english', :words) AS query
                      WHERE words @@ query ORDER BY rank DESC, id LIMIT :limit) AS best
                ORDER BY rank DESC, id
                """
                        .formatted(Excerpt.sql("english", "body", "query"));
        return Rows.list(
                db,
                new Query(
                        "posts.search",
                        sql,
                        Map.of("words", words, "limit", limit, "marks", Excerpt.MARKS)),
                row -> new Found(row.text(1), row.text(2), Excerpt.marked(row.text(3))));
    }

    void insert(DbExecute db, Post post) {
        db.createNamedInsert(
                        "posts.insert",
                        """
                        INSERT INTO posts (id, author, title, body, create_time, update_time, version)
                        VALUES (CAST(:id AS uuid), CAST(:author AS uuid), :title, :body, :time, :time, 1)
                        """)
                .addParam("id", post.getId())
                .addParam("author", post.getAuthor())
                .addParam("title", post.getTitle())
                .addParam("body", post.getText())
                .addParam("time", Times.parameter(post.getCreateTime()))
                .execute();
    }

    /// Writes what callers can change of a post, as the next version.
    void update(DbExecute db, Post post) {
        db.createNamedUpdate(
                        "posts.update",
                        """
                        UPDATE posts SET title = :title, body = :body, update_time = :time,
                                         version = version + 1
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", post.getId())
                .addParam("title", post.getTitle())
                .addParam("body", post.getText())
                .addParam("time", Times.parameter(post.getUpdateTime()))
                .execute();
    }

    /// Counts a comment in or out, and keeps the post and its comments from being changed by
    /// anybody else until the transaction ends.
    ///
    /// @return whether there is such a post
    boolean countComment(DbExecute db, UUID id, int difference) {
        return db.createNamedUpdate(
                                "posts.count_comment",
                                """
                                UPDATE posts SET comment_count = comment_count + :difference,
                                                 comment_changes = comment_changes + 1
                                WHERE id = CAST(:id AS uuid)
                                """)
                        .addParam("id", id.toString())
                        .addParam("difference", difference)
                        .execute()
                == 1;
    }

    /// Removes a post and its comments.
    void delete(DbExecute db, UUID id) {
        db.createNamedDelete("posts.delete", "DELETE FROM posts WHERE id = CAST(:id AS uuid)")
                .addParam("id", id.toString())
                .execute();
    }

    private static Reading reading(Row row) {
        var post =
                Post.newBuilder()
                        .setId(row.text(1))
                        .setAuthor(row.text(2))
                        .setTitle(row.text(3))
                        .setText(row.text(4))
                        .setCommentCount((int) row.integer(5))
                        .setCreateTime(row.timestamp(6))
                        .setUpdateTime(row.timestamp(7))
                        .setEtag(row.text(8))
                        .build();
        return new Reading(post, row.integer(9));
    }
}
