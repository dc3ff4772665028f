package dev.heddle.feed;

import dev.heddle.rpc.RpcException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A place in the log, behind an event: the same on every framing and every replica. To callers it
/// is opaque text.
///
/// @param term the term of the feed, which a move to another database cluster ends
/// @param seq the position of the event; 0 before the first
/// @param tag the tag of the event, without which a position could name another event of another
///   history, such as after a restore
/// @param skipped positions behind it that its holder knows already, in order; they were part of
///   the state that the holder was given
public record Token(int term, long seq, long tag, List<Long> skipped) {
    /// How many positions a token can have its reader skip.
    static final int MAX_SKIPPED = 200;

    private static final Pattern SYNTAX =
            Pattern.compile(
                    "(\\d{1,9}):(\\d{1,18}):([0-9a-f]{16})(:(\\d{1,9}(\\.\\d{1,9}){0,199}))?");
    private static final HexFormat HEX = HexFormat.of();

    public Token {
        skipped = List.copyOf(skipped);
    }

    static Token of(int term, long seq, long tag) {
        return new Token(term, seq, tag, List.of());
    }

    /// Reads a token.
    ///
    /// @param field the field of the request that it stands in
    /// @throws RpcException INVALID_ARGUMENT for text that is no token
    public static Token parse(String text, String field) {
        var parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            throw RpcException.invalidField(
                    field, "not a token (expected: as it came with an event)");
        }
        var seq = Long.parseLong(parts.group(2));
        return new Token(
                Integer.parseInt(parts.group(1)),
                seq,
                HexFormat.fromHexDigitsToLong(parts.group(3)),
                Optional.ofNullable(parts.group(5)).stream()
                        .flatMap(list -> Stream.of(list.split("\\.")))
                        .map(distance -> seq + Long.parseLong(distance))
                        .toList());
    }

    boolean isSkipped(long position) {
        return !skipped.isEmpty() && skipped.contains(position);
    }

    /// The token of a later place, which still skips what is behind that.
    Token movedTo(Token later) {
        return skipped.isEmpty()
                ? later
                : new Token(
                        later.term,
                        later.seq,
                        later.tag,
                        skipped.stream().filter(position -> position > later.seq).toList());
    }

    @Override
    public String toString() {
        var text = term + ":" + seq + ":" + HEX.toHexDigits(tag);
        return skipped.isEmpty()
                ? text
                : text
                        + skipped.stream()
                                .map(position -> Long.toString(position - seq))
                                .collect(Collectors.joining(".", ":", ""));
    }
}
