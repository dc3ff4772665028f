package dev.heddle.security;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import dev.heddle.rpc.RpcException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the signatures of tokens. The algorithms are few and all asymmetric, and each takes keys
/// of its own kind alone: a token can't have a public key taken for a shared secret, or do without
/// a signature.
final class Signatures {
    /// The least length of an RSA modulus (RFC 7518, section 3.3), in bits.
    private static final int MIN_RSA_BITS = 2048;

    private static final Map<JWSAlgorithm, JWKMatcher> MATCHERS =
            Map.of(
                    JWSAlgorithm.RS256,
                    matcher(KeyType.RSA, Set.of(JWSAlgorithm.RS256))
                            .minKeySize(MIN_RSA_BITS)
                            .build(),
                    JWSAlgorithm.ES256,
                    matcher(KeyType.EC, Set.of(JWSAlgorithm.ES256)).curve(Curve.P_256).build(),
                    JWSAlgorithm.EdDSA,
                    matcher(KeyType.OKP, Ed25519Verifier.ALGORITHMS).curve(Curve.Ed25519).build(),
                    JWSAlgorithm.Ed25519,
                    matcher(KeyType.OKP, Ed25519Verifier.ALGORITHMS).curve(Curve.Ed25519).build());

    private final Keys keys;

    Signatures(Keys keys) {
        this.keys = keys;
    }

    /// @throws dev.heddle.rpc.RpcException UNAUTHENTICATED, reason `ALGORITHM_REFUSED` or
    ///   `SIGNATURE_INVALID`
    void check(SignedJWT token) {
        var header = token.getHeader();
        var matcher = MATCHERS.get(header.getAlgorithm());
        if (matcher == null) {
            throw refused(header.getAlgorithm().getName());
        }
        var byId = new JWKMatcher.Builder(matcher);
        if (header.getKeyID() != null) {
            byId.keyID(header.getKeyID());
        }
        var isSigned =
                keys.find(new JWKSelector(byId.build())).stream()
                        .anyMatch(key -> verifies(key, header, token));
        if (!isSigned) {
            throw Refusal.SIGNATURE_INVALID.because(
                    "the token is not signed by a key of its issuer's");
        }
    }

    static RpcException refused(String algorithm) {
        return Refusal.ALGORITHM_REFUSED.because(
                "alg: %s (expected: RS256, ES256 or EdDSA)".formatted(algorithm));
    }

    private static JWKMatcher.Builder matcher(KeyType type, Set<JWSAlgorithm> algorithms) {
        var accepted = new HashSet<@Nullable Algorithm>(algorithms);
        accepted.add(null);
        return new JWKMatcher.Builder()
                .keyType(type)
                .keyUses(KeyUse.SIGNATURE, null)
                .keyOperations(KeyOperation.VERIFY, null)
                .algorithms(accepted);
    }

    private static boolean verifies(JWK key, JWSHeader header, SignedJWT token) {
        try {
            return verifier(key).verify(header, token.getSigningInput(), token.getSignature());
        } catch (JOSEException _) {
            // such as a key that is no point of its curve: then it has signed nothing
            return false;
        }
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa);
            case ECKey ec -> new ECDSAVerifier(ec);
            case OctetKeyPair pair -> new Ed25519Verifier(pair);
            default -> throw new JOSEException("no verifier for " + key.getKeyType());
        };
    }
}
