package dev.heddle.http.websocket;

import dev.heddle.rpc.Headers;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Agrees on permessage-deflate (RFC 7692, section 7.1), with each message compressed by itself in
/// both directions: so that a socket costs no memory between messages.
final class Extensions {
    static final String HEADER = "sec-websocket-extensions";

    private static final String DEFLATE = "permessage-deflate";
    private static final String AGREED =
            DEFLATE + "; server_no_context_takeover; client_no_context_takeover";

    private Extensions() {}

    /// The answer to what a client offers, if it offers something that we can do.
    static Optional<String> answer(Headers headers) {
        return headers.all(HEADER).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(offer -> Arrays.stream(offer.split(";")).map(String::strip).toList())
                .filter(Extensions::isAcceptable)
                .findFirst()
                .map(_ -> AGREED);
    }

    /// The JDK's compressor has a window of 15 bits and no other; its decompressor needs no less.
    private static boolean isAcceptable(List<String> offer) {
        if (!offer.getFirst().equalsIgnoreCase(DEFLATE)) {
            return false;
        }
        var seen = new HashSet<String>();
        return offer.stream()
                .skip(1)
                .map(parameter -> parameter.toLowerCase(Locale.ROOT).split("=", 2))
                .allMatch(parameter -> seen.add(parameter[0].strip()) && isAcceptable(parameter));
    }

    private static boolean isAcceptable(String[] parameter) {
        return switch (parameter[0].strip()) {
            case "server_no_context_takeover", "client_no_context_takeover" ->
                    parameter.length == 1;
            case "client_max_window_bits" -> parameter.length == 1 || windowBits(parameter[1]) >= 8;
            case "server_max_window_bits" ->
                    parameter.length == 2 && windowBits(parameter[1]) == 15;
            default -> false;
        };
    }

    /// 0 for what is no size of a window.
    private static int windowBits(String text) {
        var digits = text.strip().replaceAll("^\"(.*)\"$", "$1");
        return digits.matches("[89]|1[0-5]") ? Integer.parseInt(digits) : 0;
    }
}
