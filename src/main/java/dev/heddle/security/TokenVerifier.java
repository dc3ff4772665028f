package dev.heddle.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.Header;
import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.heddle.db.Digests;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Grant;
import dev.heddle.rpc.RpcException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Accepts JSON Web Tokens (RFC 7519, RFC 8725) of one issuer.
///
/// What was found to be valid is known for five minutes without another look at the signature; a
/// key that the issuer withdraws is so refused that much later. Expiry and revocation are looked at
/// with each call ([dev.heddle.rpc.Pipeline]).
public final class TokenVerifier {
    private static final Duration CACHE_TIME = Duration.ofMinutes(5);
    private static final int MAX_ID = 256;

    private final TokenSettings settings;
    private final Signatures signatures;
    private final Clock clock;
    private final Cache<String, Caller> accepted;

    public TokenVerifier(TokenSettings settings, Keys keys, Clock clock) {
        this.settings = settings;
        this.signatures = new Signatures(keys);
        this.clock = clock;
        this.accepted =
                Caffeine.newBuilder()
                        .maximumSize(settings.cacheSize())
                        .expireAfterWrite(CACHE_TIME)
                        .build();
    }

    /// The caller whom a token names.
    ///
    /// @throws RpcException UNAUTHENTICATED with a reason if the token is not accepted
    public Caller verify(String token) {
        var known = accepted.getIfPresent(token);
        if (known != null) {
            return known;
        }
        if (token.length() > settings.maxSize()) {
            throw Refusal.TOKEN_TOO_LONG.because(
                    "a token of %d characters (expected: at most %d)"
                            .formatted(token.length(), settings.maxSize()));
        }
        var caller = check(token);
        accepted.put(token, caller);
        return caller;
    }

    private Caller check(String token) {
        try {
            var signed = parse(token);
            signatures.check(signed);
            return caller(signed.getJWTClaimsSet(), token);
        } catch (ParseException | IllegalArgumentException _) {
            // what is wrong with it would tell more than a caller needs
            throw Refusal.CREDENTIALS_INVALID.because("the token is not a JSON Web Token");
        }
    }

    private static SignedJWT parse(String token) throws ParseException {
        Base64URL[] parts = JOSEObject.split(token);
        if (!(Header.parse(parts[0]) instanceof JWSHeader header)) {
            throw Signatures.refused("none, or encryption");
        }
        if (header.getCriticalParams() != null) {
            throw Refusal.CREDENTIALS_INVALID.because(
                    "crit: %s (expected: none)".formatted(header.getCriticalParams()));
        }
        return new SignedJWT(parts[0], parts[1], parts[2]);
    }

    private Caller caller(JWTClaimsSet claims, String token) throws ParseException {
        if (!settings.issuer().equals(claims.getIssuer())) {
            throw Refusal.ISSUER_UNKNOWN.because(
                    "iss: %s (expected: %s)".formatted(claims.getIssuer(), settings.issuer()));
        }
        if (!claims.getAudience().contains(settings.audience())) {
            throw Refusal.AUDIENCE_WRONG.because(
                    "aud: %s (expected: %s)"
                            .formatted(
                                    String.join(", ", claims.getAudience()), settings.audience()));
        }
        var grant = grant(claims, token);
        return new Caller(subject(claims), Scopes.of(claims), grant);
    }

    private Grant grant(JWTClaimsSet claims, String token) {
        var now = clock.instant();
        var expireTime = expireTime(claims);
        if (!expireTime.isAfter(now)) {
            throw RpcException.expired(expireTime);
        }
        if (expireTime.isAfter(now.plus(settings.maxLifetime()).plus(settings.clockSkew()))) {
            throw Refusal.TOKEN_LIFETIME_TOO_LONG.because(
                    "exp: %s (expected: at most %d h from now)"
                            .formatted(expireTime, settings.maxLifetime().toHours()));
        }
        time(claims.getNotBeforeTime())
                .filter(begin -> begin.isAfter(now.plus(settings.clockSkew())))
                .ifPresent(begin -> {
                    throw Refusal.TOKEN_NOT_YET_VALID.because(
                            "nbf: %s (expected: the past)".formatted(begin));
                });
        return new Grant(
                Revocations.ofToken(id(claims, token)),
                time(claims.getIssueTime()).orElse(Instant.EPOCH),
                expireTime);
    }

    /// The end, put off by the time that clocks may differ.
    private Instant expireTime(JWTClaimsSet claims) {
        return time(claims.getExpirationTime())
                .orElseThrow(() ->
                        Refusal.CREDENTIALS_INVALID.because("the token has no exp (expected: one)"))
                .plus(settings.clockSkew());
    }

    private static String subject(JWTClaimsSet claims) {
        return text(claims.getSubject(), "sub")
                .orElseThrow(() ->
                        Refusal.CREDENTIALS_INVALID.because(
                                "the token has no sub (expected: one)"));
    }

    /// What to revoke it by; where it has no `jti`, by its digest.
    private static String id(JWTClaimsSet claims, String token) {
        return text(claims.getJWTID(), "jti").orElseGet(() -> digest(token));
    }

    private static String digest(String token) {
        return HexFormat.of().formatHex(Digests.sha256(token.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Optional<String> text(@Nullable String value, String claim) {
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        if (value.length() > MAX_ID) {
            throw Refusal.CREDENTIALS_INVALID.because(
                    "%s: %d characters (expected: at most %d)"
                            .formatted(claim, value.length(), MAX_ID));
        }
        return Optional.of(value);
    }

    private static Optional<Instant> time(@Nullable Date date) {
        return Optional.ofNullable(date).map(Date::toInstant);
    }
}
