package dev.heddle.users;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The ids of users: UUIDs of version 7 (RFC 9562), so that their order is that of creation. To
/// callers they are opaque: text that is no UUID is the id of nobody.
final class UserIds {
    private static final int LENGTH = 36;

    /// Within one millisecond it counts on from the id before.
    private final TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();

    String next() {
        return generator.generate().toString();
    }

    /// The id that a text is.
    static Optional<UUID> find(String id) {
        if (id.length() != LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The id of a user who should be there.
    ///
    /// @throws RpcException NOT_FOUND for text that is nobody's id
    static UUID parse(String id) {
        return find(id).orElseThrow(() -> notFound(id));
    }

    static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no user \"%s\"".formatted(id))
                .withReason("USER_NOT_FOUND", Map.of("id", id));
    }
}
