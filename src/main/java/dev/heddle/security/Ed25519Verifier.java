package dev.heddle.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Set;

/// Checks Ed25519 signatures (RFC 8037) with what the JDK has: Nimbus's own verifier wants another
/// library.
final class Ed25519Verifier implements JWSVerifier {
    /// The second is its name since RFC 9864.
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

    private static final String NAME = "Ed25519";
    private static final int KEY_SIZE = 32;

    private final PublicKey key;
    private final JCAContext context = new JCAContext();

    Ed25519Verifier(OctetKeyPair pair) throws JOSEException {
        try {
            key = key(pair.getDecodedX());
        } catch (GeneralSecurityException e) {
            throw new JOSEException("not a key of " + NAME, e);
        }
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
            throws JOSEException {
        try {
            var verifier = Signature.getInstance(NAME);
            verifier.initVerify(key);
            verifier.update(signingInput);
            return verifier.verify(signature.decode());
        } catch (SignatureException _) {
            // of another length, or no point of the curve
            return false;
        } catch (GeneralSecurityException e) {
            throw new JOSEException("every Java has " + NAME, e);
        }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return ALGORITHMS;
    }

    @Override
    public JCAContext getJCAContext() {
        return context;
    }

    /// Reads a point: the coordinate y in little-endian order, its last bit the sign of x (RFC
    /// 8032, section 5.1.2).
    private static PublicKey key(byte[] encoded) throws GeneralSecurityException {
        if (encoded.length != KEY_SIZE) {
            throw new GeneralSecurityException(
                    "%d bytes (expected: %d)".formatted(encoded.length, KEY_SIZE));
        }
        var y = new byte[KEY_SIZE];
        for (var i = 0; i < KEY_SIZE; i++) {
            y[i] = encoded[KEY_SIZE - 1 - i];
        }
        var isOdd = y[0] < 0;
        y[0] &= Byte.MAX_VALUE;
        var point = new EdECPoint(isOdd, new BigInteger(1, y));
        return KeyFactory.getInstance(NAME)
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }
}
