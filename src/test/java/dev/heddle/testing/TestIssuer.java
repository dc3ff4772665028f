package dev.heddle.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// An issuer of tokens, with its keys in a file.
public final class TestIssuer {
    public static final String NAME = "https://login.example";

    private final ECKey key;

    public TestIssuer() {
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    public String keySet() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    /// What has a gateway accept its tokens, by the second.
    public Map<String, String> configuration() throws IOException {
        var file = Files.createTempFile(Path.of("target"), "jwks", ".json");
        Files.writeString(file, keySet());
        return Map.of(
                "security.issuer",
                NAME,
                "security.jwks",
                file.toAbsolutePath().toString(),
                "security.clock-skew",
                "0s");
    }

    /// What a valid token says, for an hour.
    public static JWTClaimsSet.Builder claims(String subject, String scope) {
        var now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience("heddle")
                .subject(subject)
                .claim("scope", scope)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(3600)));
    }

    public String token(String subject, String scope) {
        return token(claims(subject, scope).build());
    }

    /// A token that says something else than a valid one for everything.
    public String token(Consumer<JWTClaimsSet.Builder> change) {
        var claims = claims("tester", "*");
        change.accept(claims);
        return token(claims.build());
    }

    public String token(JWTClaimsSet claims) {
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
        return token.serialize();
    }
}
