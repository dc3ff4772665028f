package dev.heddle.rpc;

/// Tells who makes a call.
@FunctionalInterface
public interface Authenticator {
    /// The caller, [Caller#ANONYMOUS] where there are no credentials.
    ///
    /// @throws RpcException UNAUTHENTICATED for credentials that are not accepted
    Caller authenticate(Credentials credentials);

    /// Checks that the credentials of a caller were not revoked since; asked again and again while
    /// a call runs, so it must not wait for anything.
    ///
    /// @throws RpcException UNAUTHENTICATED if they were
    default void check(Caller caller) {}
}
