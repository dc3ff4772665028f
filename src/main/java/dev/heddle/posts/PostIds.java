package dev.heddle.posts;

import dev.heddle.db.Ids;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.UUID;

/// How posts and comments are named.
final class PostIds {
    private PostIds() {}

    /// The id of a post that should be there.
    ///
    /// @throws RpcException NOT_FOUND for text that is no post's id
    static UUID parse(String id) {
        return Ids.find(id).orElseThrow(() -> notFound(id));
    }

    static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no post \"%s\"".formatted(id))
                .withReason("POST_NOT_FOUND", Map.of("id", id));
    }

    static RpcException commentNotFound(String post, String id) {
        return new RpcException(
                        Code.NOT_FOUND, "no comment \"%s\" on post \"%s\"".formatted(id, post))
                .withReason("COMMENT_NOT_FOUND", Map.of("post", post, "id", id));
    }

    static RpcException authorNotFound(String author) {
        return new RpcException(
                        Code.FAILED_PRECONDITION,
                        "no user \"%s\" (expected: the author's id)".formatted(author))
                .withReason("AUTHOR_NOT_FOUND", Map.of("author", author));
    }
}
