package dev.heddle.posts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.posts.v1.CreatePostRequest;
import dev.heddle.posts.v1.GetPostRequest;
import dev.heddle.posts.v1.Post;
import dev.heddle.posts.v1.PostServiceGrpc;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many readers of posts, each of which wants three connections, and few connections.
@Timeout(120)
final class PostPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void crowdOfReadersNeverWaitsForItself(int connections) throws Exception {
        var overrides =
                Map.of(
                        "db.pool.min", "1",
                        "db.pool.max", Integer.toString(connections),
                        "db.pool.acquire-timeout", "60s");
        try (var gateway = TestGateway.open(TestPostgres.createDatabase(), overrides).start();
                var calls =
                        new GatewayCalls(
                                URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var post = post(calls);

            var readings =
                    IntStream.range(0, 64)
                            .mapToObj(_ -> threads.submit(() -> page(calls, post)))
                            .toList();

            for (var reading : readings) {
                assertThat(reading.get()).isEqualTo("Ada");
            }
        }
    }

    private static String page(GatewayCalls calls, Post post) {
        return calls.grpc(
                        PostServiceGrpc.getGetPostMethod(),
                        GetPostRequest.newBuilder().setId(post.getId()).build())
                .getAuthor()
                .getName();
    }

    private static Post post(GatewayCalls calls) {
        var author =
                calls.grpc(
                        UserServiceGrpc.getCreateUserMethod(),
                        CreateUserRequest.newBuilder()
                                .setUser(
                                        User.newBuilder()
                                                .setName("Ada")
                                                .setEmail("ada@example.com"))
                                .build());
        return calls.grpc(
                PostServiceGrpc.getCreatePostMethod(),
                CreatePostRequest.newBuilder()
                        .setPost(Post.newBuilder().setAuthor(author.getId()).setTitle("Post"))
                        .build());
    }
}
