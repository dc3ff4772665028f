package dev.heddle.posts;

import com.google.protobuf.Empty;
import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.IdShelf;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.feed.StateStream;
import dev.heddle.posts.v1.Comment;
import dev.heddle.posts.v1.CreateCommentRequest;
import dev.heddle.posts.v1.CreatePostRequest;
import dev.heddle.posts.v1.DeleteCommentRequest;
import dev.heddle.posts.v1.DeletePostRequest;
import dev.heddle.posts.v1.GetPostRequest;
import dev.heddle.posts.v1.ListCommentsRequest;
import dev.heddle.posts.v1.ListCommentsResponse;
import dev.heddle.posts.v1.ListPostsRequest;
import dev.heddle.posts.v1.ListPostsResponse;
import dev.heddle.posts.v1.Post;
import dev.heddle.posts.v1.PostPage;
import dev.heddle.posts.v1.PostServiceGrpc;
import dev.heddle.posts.v1.UpdatePostRequest;
import dev.heddle.posts.v1.WatchPostRequest;
import dev.heddle.posts.v1.WatchPostResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.UpdateMask;
import dev.heddle.rpc.Validation;
import dev.heddle.users.Directory;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Serves `heddle.posts.v1.PostService`; what each method promises is in
/// `proto/heddle/posts/v1/posts.proto`.
public final class PostService implements Rpcs.Service {
    private static final List<String> CHANGEABLE = List.of("title", "text");

    private final Database database;
    private final Feed feed;
    private final Directory users;
    private final Clock clock;
    private final Pages pages;
    private final PostPages postPages;
    private final PostEvents events;
    private final PostStore posts = new PostStore();
    private final CommentStore comments = new CommentStore();
    private final Ids ids = new Ids();
    private final Validation validation = new Validation();

    public PostService(
            Database database, Feed feed, Directory users, PageTokens pageTokens, Clock clock) {
        this.database = database;
        this.feed = feed;
        this.users = users;
        this.clock = clock;
        this.pages = new Pages(pageTokens);
        this.postPages = new PostPages(database, posts, comments, users, pageTokens);
        this.events = new PostEvents(feed);
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(PostServiceGrpc.getGetPostMethod(), this::get)
                .unary(PostServiceGrpc.getListPostsMethod(), this::list)
                .unary(PostServiceGrpc.getCreatePostMethod(), this::create)
                .unary(PostServiceGrpc.getUpdatePostMethod(), this::update)
                .unary(PostServiceGrpc.getDeletePostMethod(), this::delete)
                .unary(PostServiceGrpc.getCreateCommentMethod(), this::createComment)
                .unary(PostServiceGrpc.getListCommentsMethod(), this::listComments)
                .unary(PostServiceGrpc.getDeleteCommentMethod(), this::deleteComment)
                .serverStreaming(PostServiceGrpc.getWatchPostMethod(), this::watch);
    }

    PostPage get(GetPostRequest request, Call call) {
        return postPages.page(PostIds.parse(request.getId()), request.getCommentPageSize());
    }

    ListPostsResponse list(ListPostsRequest request, Call call) {
        var author = by(request.getAuthor());
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name(), request.getAuthor())),
                        IdShelf.newestFirst(
                                (before, limit) -> list(author.and(before(before)), limit),
                                Post::getId));
        return ListPostsResponse.newBuilder()
                .addAllPosts(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    Post create(CreatePostRequest request, Call call) {
        own(call).check(Ids.canonical(request.getPost().getAuthor()));
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Post.parser(),
                db -> {
                    var time = Times.now(clock);
                    var post =
                            Post.newBuilder()
                                    .setId(ids.next())
                                    .setAuthor(author(db, request.getPost().getAuthor()))
                                    .setTitle(request.getPost().getTitle())
                                    .setText(request.getPost().getText())
                                    .setCreateTime(time)
                                    .setUpdateTime(time)
                                    .setEtag(Etags.FIRST)
                                    .build();
                    posts.insert(db, post);
                    events.created(post);
                    return post;
                });
    }

    Post update(UpdatePostRequest request, Call call) {
        var values = request.getPost();
        var id = PostIds.parse(values.getId());
        var mask = UpdateMask.of(request.getUpdateMask(), Post.getDescriptor(), CHANGEABLE);
        validation.checkFields(values, "post", mask.fields());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Post.parser(),
                db -> {
                    var present = lock(db, id, values.getEtag(), own(call));
                    var updated =
                            mask.apply(values, present.toBuilder())
                                    .setUpdateTime(Times.now(clock))
                                    .setEtag(Etags.next(present.getEtag()))
                                    .build();
                    posts.update(db, updated);
                    events.updated(updated);
                    return updated;
                });
    }

    Empty delete(DeletePostRequest request, Call call) {
        var id = PostIds.parse(request.getId());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Empty.parser(),
                db -> {
                    var post = lock(db, id, request.getEtag(), own(call));
                    posts.delete(db, id);
                    events.deleted(post);
                    return Empty.getDefaultInstance();
                });
    }

    Comment createComment(CreateCommentRequest request, Call call) {
        own(call).check(Ids.canonical(request.getComment().getAuthor()));
        var post = PostIds.parse(request.getPost());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Comment.parser(),
                db -> {
                    // the post first: a crowd at it that held their authors while waiting could
                    // keep one from being removed for as long as it lasts
                    if (!posts.countComment(db, post, 1)) {
                        throw PostIds.notFound(request.getPost());
                    }
                    var author = author(db, request.getComment().getAuthor());
                    var comment =
                            Comment.newBuilder()
                                    .setPost(post.toString())
                                    .setId(ids.next())
                                    .setAuthor(author)
                                    .setText(request.getComment().getText())
                                    .setCreateTime(Times.now(clock))
                                    .build();
                    comments.insert(db, comment);
                    events.created(comment);
                    return comment;
                });
    }

    ListCommentsResponse listComments(ListCommentsRequest request, Call call) {
        return postPages.comments(request);
    }

    Empty deleteComment(DeleteCommentRequest request, Call call) {
        var post = PostIds.parse(request.getPost());
        var id =
                Ids.find(request.getId())
                        .orElseThrow(
                                () -> PostIds.commentNotFound(request.getPost(), request.getId()));
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Empty.parser(),
                db -> {
                    // before the comment, as all who change comments do: so they wait in one order
                    posts.countComment(db, post, -1);
                    var comment =
                            comments.delete(db, post, id)
                                    .orElseThrow(() ->
                                            PostIds.commentNotFound(
                                                    request.getPost(), request.getId()));
                    own(call).check(comment.getAuthor());
                    events.deleted(comment);
                    return Empty.getDefaultInstance();
                });
    }

    void watch(WatchPostRequest request, Outbound<WatchPostResponse> out, Call call)
            throws InterruptedException {
        var id = PostIds.parse(request.getId());
        if (request.getFrom().isEmpty() && database.plain(db -> posts.author(db, id)).isEmpty()) {
            throw PostIds.notFound(request.getId());
        }
        var watch = new PostWatch(posts, comments, id);
        new StateStream<>(database, feed, watch.changes(), watch)
                .run(request.getFrom(), request.getSnapshot(), out, call);
    }

    /// The post that a write is about.
    ///
    /// @param etag the version that it must have; empty: any
    private Post lock(DbExecute db, UUID id, String etag, Ownership own) {
        var post = posts.lock(db, id).orElseThrow(() -> PostIds.notFound(id.toString()));
        own.check(post.getAuthor());
        Etags.check(etag, post.getEtag(), "the post");
        return post;
    }

    /// Posts are everybody's to read: that one is there is no secret to keep from who may not write
    /// it.
    private static Ownership own(Call call) {
        return Ownership.of(call, "posts");
    }

    /// The id of a user, who stays until the transaction ends.
    private String author(DbExecute db, String text) {
        return Ids.find(text)
                .filter(id -> !users.hold(db, Set.of(id)).isEmpty())
                .orElseThrow(() -> PostIds.authorNotFound(text))
                .toString();
    }

    /// Text that is no id is that of a user who has written nothing.
    private static Condition by(String author) {
        if (author.isEmpty()) {
            return Condition.TRUE;
        }
        return Ids.find(author)
                .map(id ->
                        new Condition(
                                "(author = CAST(:author AS uuid))",
                                Map.of("author", id.toString())))
                .orElseGet(() -> new Condition("(FALSE)", Map.of()));
    }

    private List<Post> list(Condition condition, int limit) {
        return database.plain(db -> posts.list(db, condition, limit));
    }

    private static Condition before(UUID id) {
        return new Condition("(id < CAST(:before AS uuid))", Map.of("before", id.toString()));
    }
}
