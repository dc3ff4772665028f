package dev.heddle.posts;

import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.posts.v1.Comment;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// The table `comments`.
final class CommentStore {
    private static final String COMMENT =
            """
            comments.post, comments.id, comments.author, comments.body, comments.create_time\
            """;

    /// A comment, and which of the states that the post's comments have been in it was read in.
    ///
    /// @param commentChanges the number of the state
    record Reading(Comment comment, long commentChanges) {}

    /// The oldest comments on a post.
    ///
    /// @param after the id that they come behind
    List<Reading> list(DbExecute db, UUID post, UUID after, int limit) {
        return Rows.list(
                db,
                new Query(
                        "comments.list",
                        """
                        SELECT %s, comment_changes
                        FROM comments JOIN posts ON posts.id = comments.post
                        WHERE comments.post = CAST(:post AS uuid)
                          AND comments.id > CAST(:after AS uuid)
                        ORDER BY comments.id LIMIT :limit
                        """
                                .formatted(COMMENT),
                        Map.of(
                                "post", post.toString(),
                                "after", after.toString(),
                                "limit", limit)),
                row -> new Reading(comment(row), row.integer(6)));
    }

    /// Hands over each comment on a post, as the database yields it.
    void all(DbExecute db, UUID post, Consumer<Comment> consumer) {
        Rows.forEach(
                db,
                new Query(
                        "comments.all",
                        "SELECT %s FROM comments WHERE post = CAST(:post AS uuid) ORDER BY id"
                                .formatted(COMMENT),
                        Map.of("post", post.toString())),
                row -> consumer.accept(comment(row)));
    }

    void insert(DbExecute db, Comment comment) {
        db.createNamedInsert(
                        "comments.insert",
                        """
                        INSERT INTO comments (post, id, author, body, create_time)
                        VALUES (CAST(:post AS uuid), CAST(:id AS uuid), CAST(:author AS uuid),
                                :body, :time)
                        """)
                .addParam("post", comment.getPost())
                .addParam("id", comment.getId())
                .addParam("author", comment.getAuthor())
                .addParam("body", comment.getText())
                .addParam("time", Times.parameter(comment.getCreateTime()))
                .execute();
    }

    /// Removes a comment.
    ///
    /// @return what it was; empty if there was none
    Optional<Comment> delete(DbExecute db, UUID post, UUID id) {
        return db.createNamedGet(
                        "comments.delete",
                        """
                        DELETE FROM comments
                        WHERE post = CAST(:post AS uuid) AND id = CAST(:id AS uuid)
                        RETURNING %s
                        """
                                .formatted(COMMENT))
                .addParam("post", post.toString())
                .addParam("id", id.toString())
                .execute()
                .map(row -> comment(Row.of(row)));
    }

    private static Comment comment(Row row) {
        return Comment.newBuilder()
                .setPost(row.text(1))
                .setId(row.text(2))
                .setAuthor(row.text(3))
                .setText(row.text(4))
                .setCreateTime(row.timestamp(5))
                .build();
    }
}
