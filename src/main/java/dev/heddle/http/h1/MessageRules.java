package dev.heddle.http.h1;

import dev.heddle.http.carrier.Characters;
import dev.heddle.rpc.Headers;
import java.util.regex.Pattern;

/// What the header fields of a request must agree on before anybody relies on them.
final class MessageRules {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private MessageRules() {}

    /// The length of the body in bytes, [RequestHead#CHUNKED] where it tells its end itself.
    static long bodyLength(Headers headers) throws RefusedException {
        var lengths = headers.all("content-length");
        var codings = headers.all("transfer-encoding");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty()) {
                throw RefusedException.malformed("both a length and a transfer coding");
            }
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new RefusedException(501, "a transfer coding other than chunked");
            }
            return RequestHead.CHUNKED;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        if (lengths.size() > 1 || !LENGTH.matcher(lengths.getFirst()).matches()) {
            throw RefusedException.malformed("the length of the body is not one decimal number");
        }
        return Long.parseLong(lengths.getFirst());
    }

    static void checkHost(Headers headers) throws RefusedException {
        var hosts = headers.all("host");
        if (hosts.size() != 1 || !Characters.isHost(hosts.getFirst())) {
            throw RefusedException.malformed("not exactly one well-formed host");
        }
    }

    static void checkExpectation(Headers headers) throws RefusedException {
        for (var expectation : headers.all("expect")) {
            if (!expectation.equalsIgnoreCase("100-continue")) {
                throw new RefusedException(417, "an expectation other than 100-continue");
            }
        }
    }
}
