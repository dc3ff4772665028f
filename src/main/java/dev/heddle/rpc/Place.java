package dev.heddle.rpc;

import java.util.Optional;

/// What a call takes up while it runs.
@FunctionalInterface
interface Place {
    /// Gives it back; once.
    ///
    /// @param failure how the call failed; empty if it did not
    void leave(Optional<RpcException> failure);
}
