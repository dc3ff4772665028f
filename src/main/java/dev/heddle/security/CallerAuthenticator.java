package dev.heddle.security;

import dev.heddle.rpc.Authenticator;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Credentials;
import java.util.Optional;
import java.util.function.Function;

/// Tells callers by what they bring: a token or an API key in `authorization`, an API key in
/// `x-api-key`, a ticket, or a certificate; the first of these that there is decides. It is the
/// same over every framing. What stands in a URL is never looked at, save tickets, which the
/// WebSocket facade takes out of it.
///
/// @param tokens the JSON Web Tokens; empty where none is accepted
/// @param keys who holds an API key
/// @param tickets who holds a ticket, which is used up by it
public record CallerAuthenticator(
        Optional<TokenVerifier> tokens,
        Function<String, Caller> keys,
        Function<String, Caller> tickets,
        CertificateCallers certificates,
        Revocations revocations)
        implements Authenticator {
    /// What API keys begin with.
    public static final String KEY_PREFIX = "heddle_";

    private static final String SCHEME = "bearer ";

    @Override
    public Caller authenticate(Credentials credentials) {
        var headers = credentials.headers();
        return headers.first("authorization")
                .map(this::bearer)
                .or(() -> headers.first("x-api-key").map(keys))
                .or(() -> credentials.ticket().map(tickets))
                .or(() -> credentials.certificate().map(certificates::caller))
                .orElse(Caller.ANONYMOUS);
    }

    @Override
    public void check(Caller caller) {
        revocations.check(caller);
    }

    private Caller bearer(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Refusal.CREDENTIALS_INVALID.because(
                    "the authorization header has another scheme (expected: Bearer <token>)");
        }
        var token = authorization.substring(SCHEME.length()).strip();
        return token.startsWith(KEY_PREFIX) ? keys.apply(token) : token(token);
    }

    private Caller token(String token) {
        return tokens.orElseThrow(() ->
                        Refusal.CREDENTIALS_INVALID.because(
                                "tokens are not accepted (expected: an API key)"))
                .verify(token);
    }
}
