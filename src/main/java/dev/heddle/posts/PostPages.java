package dev.heddle.posts;

import dev.heddle.async.Gather;
import dev.heddle.db.Database;
import dev.heddle.db.IdShelf;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.posts.v1.Author;
import dev.heddle.posts.v1.Comment;
import dev.heddle.posts.v1.ListCommentsRequest;
import dev.heddle.posts.v1.ListCommentsResponse;
import dev.heddle.posts.v1.PostPage;
import dev.heddle.users.Directory;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads posts with what belongs to them.
///
/// Post, comments and author are read at once, each on a connection of its own. Nobody holds one
/// while waiting for another, as the holder of an exported snapshot would: so a pool that is too
/// small for all makes them slow, and never stuck. That the parts are of one state is checked
/// afterwards instead; where comments came or went in between, all is read again in one snapshot,
/// one after the other.
final class PostPages {
    private static final UUID BEGINNING = new UUID(0, 0);

    private final Database database;
    private final PostStore posts;
    private final CommentStore comments;
    private final Directory users;
    private final Pages pages;

    PostPages(
            Database database,
            PostStore posts,
            CommentStore comments,
            Directory users,
            PageTokens tokens) {
        this.database = database;
        this.posts = posts;
        this.comments = comments;
        this.users = users;
        this.pages = new Pages(tokens);
    }

    /// What was read.
    private record Parts(
            Optional<PostStore.Reading> post,
            List<CommentStore.Reading> comments,
            Optional<Author> author) {
        /// Whether post and comments are of one state.
        boolean isConsistent() {
            if (post.isEmpty()) {
                return true;
            }
            return comments.isEmpty()
                    ? post.get().post().getCommentCount() == 0
                    : comments.getFirst().commentChanges() == post.get().commentChanges();
        }
    }

    /// A post with its author and the first of its comments.
    ///
    /// @param pageSize how many comments are wanted
    /// @throws dev.heddle.rpc.RpcException NOT_FOUND
    PostPage page(UUID id, int pageSize) {
        // one more tells whether there are more
        var limit = Pages.size(pageSize) + 1;
        var atOnce = readAtOnce(id, limit);
        var parts = atOnce.isConsistent() ? atOnce : readInOneSnapshot(id, limit);
        var post = parts.post().orElseThrow(() -> PostIds.notFound(id.toString())).post();
        var first =
                pages.read(walk(id, pageSize, ""), shelf((_, _) -> commentsOf(parts.comments())));
        var page =
                PostPage.newBuilder()
                        .setPost(post)
                        .addAllComments(first.items())
                        .setNextPageToken(first.nextToken());
        parts.author().ifPresent(page::setAuthor);
        return page.build();
    }

    /// A page of the comments on a post.
    ///
    /// @throws dev.heddle.rpc.RpcException NOT_FOUND
    ListCommentsResponse comments(ListCommentsRequest request) {
        var post = PostIds.parse(request.getPost());
        var page =
                pages.read(
                        walk(post, request.getPageSize(), request.getPageToken()),
                        shelf((after, limit) ->
                                database.plain(db -> behind(db, post, after, limit))));
        return ListCommentsResponse.newBuilder()
                .addAllComments(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    private List<Comment> behind(DbExecute db, UUID post, UUID after, int limit) {
        var found = comments.list(db, post, after, limit);
        if (found.isEmpty() && posts.author(db, post).isEmpty()) {
            throw PostIds.notFound(post.toString());
        }
        return commentsOf(found);
    }

    private Parts readAtOnce(UUID id, int limit) {
        try (var gather = Gather.open()) {
            var post = gather.fork("post", () -> database.plain(db -> posts.get(db, id)));
            var first =
                    gather.fork(
                            "comments",
                            () -> database.plain(db -> comments.list(db, id, BEGINNING, limit)));
            var author = gather.fork("author", () -> database.plain(db -> author(db, id)));
            return new Parts(post.value(), first.value(), author.value());
        }
    }

    private Parts readInOneSnapshot(UUID id, int limit) {
        return database.snapshot(db ->
                new Parts(
                        posts.get(db, id),
                        comments.list(db, id, BEGINNING, limit),
                        author(db, id)));
    }

    /// A post's author never changes, so whose post it is can be read apart from the post.
    private Optional<Author> author(DbExecute db, UUID post) {
        return posts.author(db, post)
                .flatMap(id -> users.find(db, id))
                .map(user ->
                        Author.newBuilder().setId(user.getId()).setName(user.getName()).build());
    }

    /// The first page comes by GetPost and the others by ListComments: the tokens are the same.
    private static Pages.Walk walk(UUID post, int size, String token) {
        return new Pages.Walk(size, token, List.of("comments", post.toString()));
    }

    private static List<Comment> commentsOf(List<CommentStore.Reading> readings) {
        return readings.stream().map(CommentStore.Reading::comment).toList();
    }

    private static IdShelf<Comment> shelf(IdShelf.Reading<Comment> reading) {
        return IdShelf.oldestFirst(reading, Comment::getId);
    }
}
