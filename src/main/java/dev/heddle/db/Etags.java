package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;

/// The `etag` of what services keep (AIP-154), which counts its versions.
public final class Etags {
    /// The version of what is new.
    public static final String FIRST = "1";

    private Etags() {}

    /// The version behind one.
    public static String next(String etag) {
        return Long.toString(Long.parseLong(etag) + 1);
    }

    /// Refuses a write that is meant for another version.
    ///
    /// @param wanted what the caller sent; empty: any
    /// @param what the thing, for the message: `the product`
    /// @throws RpcException ABORTED, reason `ETAG_MISMATCH`
    public static void check(String wanted, String present, String what) {
        if (!wanted.isEmpty() && !wanted.equals(present)) {
            throw new RpcException(
                            Code.ABORTED,
                            "etag \"%s\" (expected: \"%s\"; %s has changed since)"
                                    .formatted(wanted, present, what))
                    .withReason("ETAG_MISMATCH", Map.of("etag", present));
        }
    }
}
