package dev.heddle.security;

import dev.heddle.rpc.Authenticator;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;

/// The one token of a data folder, whose bearer may do everything: for development on one machine.
public final class DevelopmentToken implements Authenticator {
    private static final String PREFIX = "heddle_dev_";
    private static final String SCHEME = "bearer ";
    private static final Caller DEVELOPER = new Caller("developer", Set.of("*"));

    private final String value;

    private DevelopmentToken(String value) {
        this.value = value;
    }

    /// The token of a data folder, made when it is first asked for.
    public static DevelopmentToken of(Path dataFolder) throws IOException {
        var secret = SecretFile.load(dataFolder.resolve("secrets").resolve("development-token"));
        return new DevelopmentToken(
                PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /// The token as its bearer sends it.
    public String value() {
        return value;
    }

    @Override
    public Caller authenticate(Headers headers) {
        return headers.first("authorization").map(this::authenticate).orElse(Caller.ANONYMOUS);
    }

    private Caller authenticate(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw unauthenticated(
                    "the authorization header has another scheme (expected: Bearer <token>)");
        }
        var token = authorization.substring(SCHEME.length()).strip();
        if (!MessageDigest.isEqual(bytes(token), bytes(value))) {
            throw unauthenticated("the token is not accepted (./heddle token prints one that is)");
        }
        return DEVELOPER;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RpcException unauthenticated(String message) {
        return new RpcException(Code.UNAUTHENTICATED, message).withReason("CREDENTIALS_INVALID");
    }
}
