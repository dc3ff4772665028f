package dev.heddle.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestIssuer;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class TokenVerifierTest {
    private static final RSAKey RSA = made(() -> new RSAKeyGenerator(2048).keyID("rsa").generate());
    private static final ECKey EC =
            made(() -> new ECKeyGenerator(Curve.P_256).keyID("ec").generate());
    private static final KeyPair ED =
            made(() -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final TokenVerifier verifier = verifier(RSA, EC, edwards("ed"));

    private interface Making<T> {
        T make() throws Exception;
    }

    // What is accepted

    @Test
    void tokensOfAllThreeAlgorithmsAreAccepted() throws Exception {
        for (var token :
                List.of(
                        signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(RSA), claims()),
                        signed(JWSAlgorithm.ES256, "ec", new ECDSASigner(EC), claims()),
                        signedByEdwards("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}", claims()),
                        signedByEdwards("{\"alg\":\"Ed25519\"}", claims()))) {
            var caller = verifier.verify(token);

            assertThat(caller.subject()).isEqualTo("ada");
            assertThat(caller.scopes()).containsExactlyInAnyOrder("users.read", "users.write");
            assertThat(caller.grant().id()).isEqualTo("token:id");
            assertThat(caller.grant().issueTime()).isEqualTo(NOW);
            assertThat(caller.grant().expireTime()).isEqualTo(NOW.plusSeconds(90));
            assertThat(verifier.verify(token)).isSameAs(caller);
        }
    }

    @Test
    void scopesMayBeAListAsWell() {
        assertThat(verify(claims -> claims.claim("scope", null).claim("scp", List.of("a", "b"))))
                .isEqualTo(Set.of("a", "b"));
        assertThat(verify(claims -> claims.claim("scope", null).claim("scp", "a b")))
                .isEqualTo(Set.of("a", "b"));
        assertThat(verify(claims -> claims.claim("scope", null))).isEmpty();
    }

    @Test
    void clocksMayDifferALittle() {
        assertThat(verify(claims -> claims.expirationTime(at(-29)))).isNotEmpty();
        assertThat(verify(claims -> claims.notBeforeTime(at(30)))).isNotEmpty();
    }

    // Forgeries

    @Test
    void tokenWithoutSignatureIsRefused() {
        var claims = Base64URL.encode(claims().build().toString());
        for (var header : List.of("{\"alg\":\"none\"}", "{\"alg\":\"none\",\"kid\":\"ec\"}")) {
            assertRefused(Base64URL.encode(header) + "." + claims + ".", "ALGORITHM_REFUSED");
        }
        assertRefused(
                Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"ec\"}") + "." + claims + ".",
                "CREDENTIALS_INVALID");
        assertRefused(
                Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"ec\"}") + "." + claims + ".AAAA",
                "SIGNATURE_INVALID");
    }

    @Test
    void publicKeyIsNoSharedSecret() throws Exception {
        for (var secret :
                List.of(
                        RSA.toRSAPublicKey().getEncoded(),
                        RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                        EC.toECPublicKey().getEncoded())) {
            for (var kid : List.of("rsa", "ec")) {
                var token =
                        signed(
                                JWSAlgorithm.HS256,
                                kid,
                                new MACSigner(
                                        secret.length < 32 ? Arrays.copyOf(secret, 32) : secret),
                                claims());
                assertRefused(token, "ALGORITHM_REFUSED");
            }
        }
    }

    @Test
    void algorithmMustBeThatOfTheKey() throws Exception {
        assertRefused(
                signed(JWSAlgorithm.RS256, "ec", new RSASSASigner(RSA), claims()),
                "SIGNATURE_INVALID");
        assertRefused(
                signed(JWSAlgorithm.ES256, "rsa", new ECDSASigner(EC), claims()),
                "SIGNATURE_INVALID");
        assertRefused(
                signed(JWSAlgorithm.PS256, "rsa", new RSASSASigner(RSA), claims()),
                "ALGORITHM_REFUSED");
        assertRefused(
                signed(JWSAlgorithm.RS512, "rsa", new RSASSASigner(RSA), claims()),
                "ALGORITHM_REFUSED");
        var other = new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.RS512).build();
        assertThat(
                        refusal(
                                verifier(other),
                                signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(RSA), claims())))
                .isEqualTo("SIGNATURE_INVALID");
    }

    @Test
    void keyThatIsForSomethingElseOrTooShortIsNotUsed() throws Exception {
        var encryption =
                new ECKey.Builder(EC).keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION).build();
        assertThat(refusal(verifier(encryption), valid())).isEqualTo("SIGNATURE_INVALID");
        var pair = KeyPairGenerator.getInstance("RSA");
        pair.initialize(1024);
        var keys = pair.generateKeyPair();
        var small =
                new RSAKey.Builder((java.security.interfaces.RSAPublicKey) keys.getPublic())
                        .build();
        var signer = new RSASSASigner(keys.getPrivate(), Set.of(AllowWeakRSAKey.getInstance()));
        assertThat(refusal(verifier(small), signed(JWSAlgorithm.RS256, null, signer, claims())))
                .isEqualTo("SIGNATURE_INVALID");
    }

    @Test
    void changedTokenIsRefused() throws Exception {
        var parts = valid().split("\\.", -1);
        var more = Base64URL.encode(claims().claim("scope", "*").build().toString());
        assertRefused(parts[0] + "." + more + "." + parts[2], "SIGNATURE_INVALID");
        var stranger = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        assertRefused(
                signed(JWSAlgorithm.ES256, "ec", new ECDSASigner(stranger), claims()),
                "SIGNATURE_INVALID");
        assertRefused(
                signedByEdwards("{\"alg\":\"EdDSA\"}", claims()).replaceFirst("....$", "AAAA"),
                "SIGNATURE_INVALID");
    }

    @Test
    void keyWithinTheTokenIsNotUsed() throws Exception {
        var stranger = new ECKeyGenerator(Curve.P_256).keyID("stranger").generate();
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(stranger.toPublicJWK()).build();
        var token = new SignedJWT(header, claims().build());
        token.sign(new ECDSASigner(stranger));
        assertRefused(token.serialize(), "SIGNATURE_INVALID");
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (var text :
                List.of(
                        "",
                        "x",
                        "a.b",
                        "a.b.c",
                        "..",
                        "....",
                        "e30.e30.e30",
                        "eyJhbGciOjF9.e30.e30",
                        "\u00e4.\u00f6.\u00fc")) {
            assertRefused(text, "CREDENTIALS_INVALID");
        }
        assertRefused("eyJhbGciOiJFUzI1NiJ9.W1tb.x", "SIGNATURE_INVALID");
        assertRefused(Base64URL.encode("[".repeat(4000)) + ".e30.x", "CREDENTIALS_INVALID");
        assertRefused("x".repeat(9000), "TOKEN_TOO_LONG");
    }

    @Test
    void extensionThatMustBeUnderstoodIsRefused() throws Exception {
        var header = "{\"alg\":\"EdDSA\",\"crit\":[\"b64\"],\"b64\":false}";
        assertRefused(signedByEdwards(header, claims()), "CREDENTIALS_INVALID");
    }

    // Claims

    @Test
    void claimsAreChecked() {
        assertRefused(claims -> claims.issuer("https://evil.example"), "ISSUER_UNKNOWN");
        assertRefused(claims -> claims.issuer(null), "ISSUER_UNKNOWN");
        assertRefused(claims -> claims.audience("another"), "AUDIENCE_WRONG");
        assertRefused(claims -> claims.audience((String) null), "AUDIENCE_WRONG");
        assertRefused(claims -> claims.expirationTime(at(-30)), "TOKEN_EXPIRED");
        assertRefused(claims -> claims.expirationTime(null), "CREDENTIALS_INVALID");
        assertRefused(claims -> claims.expirationTime(at(86400 * 31)), "TOKEN_LIFETIME_TOO_LONG");
        assertRefused(claims -> claims.notBeforeTime(at(31)), "TOKEN_NOT_YET_VALID");
        assertRefused(claims -> claims.subject(null), "CREDENTIALS_INVALID");
        assertRefused(claims -> claims.subject(" "), "CREDENTIALS_INVALID");
        assertRefused(claims -> claims.subject("x".repeat(257)), "CREDENTIALS_INVALID");
    }

    @Test
    void tokenWithoutIdIsRevokedByItsDigest() throws Exception {
        var token = signed(JWSAlgorithm.ES256, "ec", new ECDSASigner(EC), claims().jwtID(null));
        assertThat(verifier.verify(token).grant().id()).matches("token:[0-9a-f]{64}");
    }

    @Test
    void refusalTellsNothingOfTheToken() throws Exception {
        var token = valid() + "x";
        var failure = catchThrowableOfType(RpcException.class, () -> verifier.verify(token));
        assertThat(failure.message()).doesNotContain(token.substring(0, 10));
    }

    private Set<String> verify(Consumer<JWTClaimsSet.Builder> change) {
        return verifier.verify(token(change)).scopes();
    }

    private String token(Consumer<JWTClaimsSet.Builder> change) {
        var claims = claims();
        change.accept(claims);
        return made(() -> signed(JWSAlgorithm.ES256, "ec", new ECDSASigner(EC), claims));
    }

    private void assertRefused(Consumer<JWTClaimsSet.Builder> change, String reason) {
        assertRefused(token(change), reason);
    }

    private void assertRefused(String token, String reason) {
        assertThat(refusal(verifier, token)).as(token).isEqualTo(reason);
    }

    private static String refusal(TokenVerifier verifier, String token) {
        var failure = catchThrowableOfType(RpcException.class, () -> verifier.verify(token));
        assertThat(failure).as(token).isNotNull();
        assertThat(failure.code()).isEqualTo(Code.UNAUTHENTICATED);
        return failure.reason().orElseThrow();
    }

    private static TokenVerifier verifier(JWK... keys) {
        var set = new JWKSet(List.of(keys)).toPublicJWKSet();
        return new TokenVerifier(
                TokenSettings.DEFAULT.withIssuer(TestIssuer.NAME),
                selector -> selector.select(set),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static String valid() throws Exception {
        return signed(JWSAlgorithm.ES256, "ec", new ECDSASigner(EC), claims());
    }

    private static JWTClaimsSet.Builder claims() {
        return TestIssuer.claims("ada", "users.read users.write")
                .jwtID("id")
                .issueTime(at(0))
                .expirationTime(at(60));
    }

    private static Date at(long seconds) {
        return Date.from(NOW.plus(Duration.ofSeconds(seconds)));
    }

    private static String signed(
            JWSAlgorithm algorithm,
            @org.jspecify.annotations.Nullable String kid,
            JWSSigner signer,
            JWTClaimsSet.Builder claims)
            throws Exception {
        var token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims.build());
        token.sign(signer);
        return token.serialize();
    }

    private static String signedByEdwards(String header, JWTClaimsSet.Builder claims)
            throws Exception {
        var input = Base64URL.encode(header) + "." + Base64URL.encode(claims.build().toString());
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(ED.getPrivate());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64URL.encode(signature.sign());
    }

    private static OctetKeyPair edwards(String kid) {
        var encoded = ED.getPublic().getEncoded();
        var x = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        return new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(kid).build();
    }

    private static <T> T made(Making<T> making) {
        try {
            return making.make();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
