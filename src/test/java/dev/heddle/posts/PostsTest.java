package dev.heddle.posts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.FieldMask;
import dev.heddle.posts.v1.Comment;
import dev.heddle.posts.v1.CreateCommentRequest;
import dev.heddle.posts.v1.CreatePostRequest;
import dev.heddle.posts.v1.DeleteCommentRequest;
import dev.heddle.posts.v1.GetPostRequest;
import dev.heddle.posts.v1.ListCommentsRequest;
import dev.heddle.posts.v1.ListPostsRequest;
import dev.heddle.posts.v1.Post;
import dev.heddle.posts.v1.PostPage;
import dev.heddle.posts.v1.PostServiceGrpc;
import dev.heddle.posts.v1.UpdatePostRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.GatewayTest;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Posts over gRPC and as somebody with curl sees them.
@Timeout(60)
final class PostsTest extends GatewayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayCalls calls;
    private String author = "";

    PostsTest(URI gateway) {
        this.calls = new GatewayCalls(gateway, token());
    }

    @BeforeEach
    void createAuthor() {
        author = user("Ada Lovelace").getId();
    }

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void postComesWithItsAuthorAndTheFirstOfItsComments() throws Exception {
        var post = post("On looms");
        var comments = IntStream.range(0, 5).mapToObj(i -> comment(post, "Comment " + i)).toList();

        var page = page(post, 3);

        assertThat(page.getPost()).isEqualTo(post.toBuilder().setCommentCount(5).build());
        assertThat(page.getAuthor().getName()).isEqualTo("Ada Lovelace");
        assertThat(page.getCommentsList()).isEqualTo(comments.subList(0, 3));
        var rest =
                calls.grpc(
                        PostServiceGrpc.getListCommentsMethod(),
                        ListCommentsRequest.newBuilder()
                                .setPost(post.getId())
                                .setPageToken(page.getNextPageToken())
                                .build());
        assertThat(rest.getCommentsList()).isEqualTo(comments.subList(3, 5));
        assertThat(rest.getNextPageToken()).isEmpty();

        var json = json(calls.get("/v1/posts/%s?comment_page_size=2".formatted(post.getId())));
        assertThat(json.at("/post/title").asText()).isEqualTo("On looms");
        assertThat(json.at("/author/id").asText()).isEqualTo(author);
        assertThat(json.get("author").has("email")).isFalse();
        assertThat(json.get("comments")).hasSize(2);
    }

    @Test
    void postIsCreatedChangedAndRemovedOverHttp() throws Exception {
        var created =
                json(
                        calls.send(
                                "POST",
                                "/v1/posts",
                                "{\"author\":\"%s\",\"title\":\"Before\",\"text\":\"Text\"}"
                                        .formatted(author)));
        var target = "/v1/posts/" + created.get("id").asText();

        var updated = json(calls.send("PATCH", target, "{\"title\":\"After\",\"etag\":\"1\"}"));

        assertThat(updated.get("title").asText()).isEqualTo("After");
        assertThat(updated.get("text").asText()).isEqualTo("Text");
        assertThat(updated.get("etag").asText()).isEqualTo("2");
        var stale = calls.send("PATCH", target, "{\"title\":\"Never\",\"etag\":\"1\"}");
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.body()).contains("ETAG_MISMATCH");
        assertThat(calls.send("PATCH", target, "{\"author\":\"x\"}").statusCode()).isEqualTo(400);

        var comment =
                json(
                        calls.send(
                                "POST",
                                target + "/comments",
                                "{\"author\":\"%s\",\"text\":\"Well said\"}".formatted(author)));
        assertThat(json(calls.get(target + "/comments")).get("comments")).containsExactly(comment);

        assertThat(calls.send("DELETE", target + "?etag=2", "").statusCode()).isEqualTo(200);
        for (var gone : List.of(target, target + "/comments", target + ":watch")) {
            var response = calls.get(gone);
            assertThat(response.statusCode()).as(gone).isEqualTo(404);
            assertThat(response.body()).as(gone).contains("POST_NOT_FOUND");
        }
    }

    @Test
    void postsOfAnAuthorAreListedFromTheNewestByPages() {
        var posts = IntStream.range(0, 5).mapToObj(i -> post("Post " + i)).toList();
        author = user("Somebody else").getId();
        post("Another's");
        var listed = new ArrayList<Post>();
        var request =
                ListPostsRequest.newBuilder()
                        .setAuthor(posts.getFirst().getAuthor())
                        .setPageSize(2);
        do {
            var page = calls.grpc(PostServiceGrpc.getListPostsMethod(), request.build());
            listed.addAll(page.getPostsList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        assertThat(listed).isEqualTo(posts.reversed());
        assertThat(
                        calls.grpc(
                                        PostServiceGrpc.getListPostsMethod(),
                                        ListPostsRequest.newBuilder().setAuthor("nobody").build())
                                .getPostsList())
                .isEmpty();
    }

    @Test
    void repeatedWriteIsHarmless() {
        var post = post("Post");
        var request =
                CreateCommentRequest.newBuilder()
                        .setPost(post.getId())
                        .setComment(Comment.newBuilder().setAuthor(author).setText("Once"))
                        .setRequestId(UUID.randomUUID().toString())
                        .build();
        var first = calls.grpc(PostServiceGrpc.getCreateCommentMethod(), request);

        assertThat(calls.grpc(PostServiceGrpc.getCreateCommentMethod(), request)).isEqualTo(first);
        assertThat(page(post, 0).getPost().getCommentCount()).isEqualTo(1);
    }

    @Test
    void removedCommentIsCountedOut() {
        var post = post("Post");
        var first = comment(post, "First");
        var second = comment(post, "Second");

        delete(first);

        var page = page(post, 0);
        assertThat(page.getPost().getCommentCount()).isEqualTo(1);
        assertThat(page.getCommentsList()).containsExactly(second);
        var failure = Calls.failure(() -> delete(first));
        assertThat(failure.reason()).contains("COMMENT_NOT_FOUND");
        assertThat(page(post, 0)).isEqualTo(page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "0192f0c1-2345-7abc-8def-000000000000"})
    void onlyUsersWrite(String nobody) {
        var post = post("Post");
        author = nobody;

        for (var failure :
                List.of(
                        Calls.failure(() -> post("Never")),
                        Calls.failure(() -> comment(post, "Never")))) {
            assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(failure.reason()).contains("AUTHOR_NOT_FOUND");
        }
        assertThat(page(post, 0).getPost().getCommentCount()).isZero();
    }

    @Test
    void postOutlivesItsAuthor() {
        var post = post("Post");
        var comment = comment(post, "Comment");
        calls.grpc(
                UserServiceGrpc.getDeleteUserMethod(),
                DeleteUserRequest.newBuilder().setId(author).build());

        var page = page(post, 0);

        assertThat(page.getPost().getAuthor()).isEqualTo(author);
        assertThat(page.hasAuthor()).isFalse();
        assertThat(page.getCommentsList()).containsExactly(comment);
        assertThat(Calls.failure(() -> comment(post, "Never")).reason())
                .contains("AUTHOR_NOT_FOUND");
    }

    @Test
    void longTextsAreRefusedAndLongestAreKept() {
        var longest = "\u0001<é😀".repeat(5000);
        var post =
                create(
                        Post.newBuilder()
                                .setAuthor(author)
                                .setTitle("😀".repeat(200))
                                .setText(longest));

        assertThat(page(post, 0).getPost().getText()).isEqualTo(longest);
        assertThat(Calls.failure(() -> post("x".repeat(201))).code())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(Calls.failure(() -> comment(post, "x".repeat(5001))).code())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(Calls.failure(() -> comment(post, "\u0000")).code())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(Calls.failure(() -> update(post.toBuilder().setTitle("").build())).message())
                .startsWith("post.title:");
    }

    @Test
    void postAndCommentsAreAlwaysOfOneState() throws Exception {
        var post = post("Post");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var churning =
                    IntStream.range(0, 3).mapToObj(i -> threads.submit(() -> churn(post))).toList();
            var readings = 0;
            while (churning.stream().anyMatch(writer -> !writer.isDone())) {
                var page = page(post, 1000);
                assertThat(page.getCommentsList()).hasSize(page.getPost().getCommentCount());
                readings++;
            }
            for (var writer : churning) {
                writer.get();
            }
            assertThat(readings).isPositive();
        }
        assertThat(page(post, 1000).getCommentsCount()).isEqualTo(45);
    }

    @Test
    void watcherSeesStateAndThenChangesAndGoesOnWhereItLeft() throws Exception {
        var post = post("Post");
        var first = comment(post, "First");
        var target = "/v1/posts/%s:watch".formatted(post.getId());
        String token;
        try (var events = calls.events(target + "?snapshot=true", "")) {
            assertThat(JSON.readTree(events.next().data()).at("/existing/id").asText())
                    .isEqualTo(post.getId());
            assertThat(JSON.readTree(events.next().data()).at("/existingComment/id").asText())
                    .isEqualTo(first.getId());
            assertThat(JSON.readTree(events.next().data()).has("synced")).isTrue();
            assertThat(JSON.readTree(events.next().data()).has("bookmark")).isTrue();
            comment(post("Another"), "Not here");
            var second = comment(post, "Second");
            var event = events.next();
            assertThat(JSON.readTree(event.data()).at("/commentCreated/id").asText())
                    .isEqualTo(second.getId());
            token = event.id();
        }
        delete(first);
        update(post.toBuilder().setTitle("Changed").build());
        assertThat(calls.send("DELETE", "/v1/posts/" + post.getId(), "").statusCode())
                .isEqualTo(200);

        try (var events = calls.events(target, token)) {
            assertThat(JSON.readTree(events.next().data()).has("bookmark")).isTrue();
            assertThat(JSON.readTree(events.next().data()).at("/commentDeleted/id").asText())
                    .isEqualTo(first.getId());
            assertThat(JSON.readTree(events.next().data()).at("/updated/title").asText())
                    .isEqualTo("Changed");
            assertThat(JSON.readTree(events.next().data()).at("/deleted/id").asText())
                    .isEqualTo(post.getId());
        }
        awaitNoActiveCalls();
    }

    @Test
    void whatIsWrittenIsOfSomebodyWhoIsThereOrWas() throws Exception {
        var post = post("Post");
        var leaving = author;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers =
                    IntStream.range(0, 8)
                            .mapToObj(_ -> threads.submit(() -> writeUntilRefused(post)))
                            .toList();
            calls.grpc(
                    UserServiceGrpc.getDeleteUserMethod(),
                    DeleteUserRequest.newBuilder().setId(leaving).build());
            var written = 0;
            for (var writer : writers) {
                written += writer.get();
            }
            assertThat(page(post, 1).getPost().getCommentCount()).isEqualTo(written);
        }
        assertThat(Calls.failure(() -> comment(post, "Late")).reason())
                .contains("AUTHOR_NOT_FOUND");
    }

    /// Writes comments until their author is gone.
    ///
    /// @return how many
    private int writeUntilRefused(Post post) {
        for (var written = 0; ; written++) {
            try {
                comment(post, "Comment");
            } catch (RpcException e) {
                assertThat(e.reason()).contains("AUTHOR_NOT_FOUND");
                return written;
            }
        }
    }

    /// Writes 20 comments and removes five of them.
    private int churn(Post post) {
        for (var i = 0; i < 20; i++) {
            var comment = comment(post, "Comment " + i);
            if (i % 4 == 0) {
                delete(comment);
            }
        }
        return 0;
    }

    private Post post(String title) {
        return create(Post.newBuilder().setAuthor(author).setTitle(title).setText("Text"));
    }

    private Post create(Post.Builder post) {
        return calls.grpc(
                PostServiceGrpc.getCreatePostMethod(),
                CreatePostRequest.newBuilder().setPost(post).build());
    }

    private Post update(Post post) {
        return calls.grpc(
                PostServiceGrpc.getUpdatePostMethod(),
                UpdatePostRequest.newBuilder()
                        .setPost(post)
                        .setUpdateMask(FieldMask.newBuilder().addPaths("*"))
                        .build());
    }

    private PostPage page(Post post, int comments) {
        return calls.grpc(
                PostServiceGrpc.getGetPostMethod(),
                GetPostRequest.newBuilder()
                        .setId(post.getId())
                        .setCommentPageSize(comments)
                        .build());
    }

    private Comment comment(Post post, String text) {
        return calls.grpc(
                PostServiceGrpc.getCreateCommentMethod(),
                CreateCommentRequest.newBuilder()
                        .setPost(post.getId())
                        .setComment(Comment.newBuilder().setAuthor(author).setText(text))
                        .build());
    }

    private void delete(Comment comment) {
        calls.grpc(
                PostServiceGrpc.getDeleteCommentMethod(),
                DeleteCommentRequest.newBuilder()
                        .setPost(comment.getPost())
                        .setId(comment.getId())
                        .build());
    }

    private User user(String name) {
        return calls.grpc(
                UserServiceGrpc.getCreateUserMethod(),
                CreateUserRequest.newBuilder()
                        .setUser(
                                User.newBuilder()
                                        .setName(name)
                                        .setEmail(UUID.randomUUID() + "@example.com"))
                        .build());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
