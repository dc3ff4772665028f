package dev.heddle.users;

import dev.heddle.db.Ids;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.UUID;

/// How users are named.
final class UserIds {
    private UserIds() {}

    /// The id of a user who should be there.
    ///
    /// @throws RpcException NOT_FOUND for text that is nobody's id
    static UUID parse(String id) {
        return Ids.find(id).orElseThrow(() -> notFound(id));
    }

    static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no user \"%s\"".formatted(id))
                .withReason("USER_NOT_FOUND", Map.of("id", id));
    }
}
