package dev.heddle.rpc;

/// Tells from a call's headers who makes it.
@FunctionalInterface
public interface Authenticator {
    /// The caller, [Caller#ANONYMOUS] where the headers carry no credentials.
    ///
    /// @throws RpcException UNAUTHENTICATED for credentials that are not accepted
    Caller authenticate(Headers headers);
}
