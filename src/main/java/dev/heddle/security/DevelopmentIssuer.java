package dev.heddle.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.UUID;

/// The issuer of a data folder, for development on one machine: whoever can read the folder can
/// make tokens for anybody.
public final class DevelopmentIssuer {
    /// The claim `iss` of its tokens.
    public static final String NAME = "heddle-development";

    private final ECKey key;

    private DevelopmentIssuer(ECKey key) {
        this.key = key;
    }

    /// What a token says.
    ///
    /// @param subject whose calls those with the token are
    /// @param scopes what they may do; `*` stands for everything
    /// @param audience whom it is for
    /// @param ttl how long it is valid, from now on
    public record Wish(String subject, Set<String> scopes, String audience, Duration ttl) {
        public Wish {
            scopes = Set.copyOf(scopes);
            if (subject.isBlank()) {
                throw new IllegalArgumentException("subject: empty (expected: a name)");
            }
            if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException(
                        "ttl: %s (expected: at least 1 s)".formatted(ttl));
            }
        }

        /// A developer, who may do everything, for a day.
        public static Wish of(String audience) {
            return new Wish("developer", Set.of("*"), audience, Duration.ofDays(1));
        }
    }

    /// The issuer of a data folder, whose key is made when it is first asked for.
    public static DevelopmentIssuer of(Path dataFolder) throws IOException {
        var file = dataFolder.resolve("secrets").resolve("development-issuer.jwk");
        try {
            return new DevelopmentIssuer(
                    ECKey.parse(SecretFile.load(file, () -> newKey().toJSONString())));
        } catch (ParseException e) {
            throw new IOException("%s: not a key (expected: a JSON Web Key)".formatted(file), e);
        }
    }

    /// What its tokens are verified with.
    public Keys keys() {
        var known = new JWKSet(key.toPublicJWK());
        return selector -> selector.select(known);
    }

    /// Makes a token.
    public String mint(Wish wish) {
        var now = Instant.now();
        var claims =
                new JWTClaimsSet.Builder()
                        .issuer(NAME)
                        .subject(wish.subject())
                        .audience(wish.audience())
                        .claim("scope", Scopes.format(wish.scopes()))
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(wish.ttl())))
                        .jwtID(UUID.randomUUID().toString())
                        .build();
        var header =
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a key of ours signs", e);
        }
        return token.serialize();
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }
}
