package dev.heddle.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The header `Heddle-Signature`: `t=` the seconds since 1970 at which the request was made, `,v1=`
/// the HMAC-SHA256, in hexadecimal, of those seconds, a full stop and the body.
///
/// Whoever checks it takes nothing whose time is long past, so that nobody can send an old request
/// again.
final class Signature {
    static final String HEADER = "Heddle-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    static String of(String secret, Instant time, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            var seconds = Long.toString(time.getEpochSecond());
            mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=%s,v1=%s".formatted(seconds, HexFormat.of().formatHex(mac.doFinal(body)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
