package dev.heddle.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import java.util.List;

/// The public keys of an issuer.
@FunctionalInterface
public interface Keys {
    /// Those that a selector selects.
    ///
    /// @throws dev.heddle.rpc.RpcException UNAVAILABLE, reason `KEYS_UNAVAILABLE`, while no key was
    ///   ever had
    List<JWK> find(JWKSelector selector);
}
