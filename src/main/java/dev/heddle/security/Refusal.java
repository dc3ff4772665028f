package dev.heddle.security;

import dev.heddle.rpc.RpcException;

/// Why credentials are not accepted, for whoever sent them. No message holds any part of what is
/// secret.
enum Refusal {
    /// They can't be read, or nobody knows them.
    CREDENTIALS_INVALID,
    /// It is longer than `security.max-token-size`.
    TOKEN_TOO_LONG,
    /// It is signed by another algorithm than is allowed, or than its key is for.
    ALGORITHM_REFUSED,
    /// No key of the issuer's has made its signature.
    SIGNATURE_INVALID,
    /// It is somebody else's.
    ISSUER_UNKNOWN,
    /// It is for somebody else.
    AUDIENCE_WRONG,
    /// Its time is over.
    TOKEN_EXPIRED,
    /// Its time has not come.
    TOKEN_NOT_YET_VALID,
    /// Its time is over later than a revocation of it is remembered.
    TOKEN_LIFETIME_TOO_LONG,
    /// It was taken back.
    TOKEN_REVOKED;

    RpcException because(String message) {
        return RpcException.unauthenticated(name(), message);
    }
}
