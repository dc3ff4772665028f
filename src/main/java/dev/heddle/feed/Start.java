package dev.heddle.feed;

import dev.heddle.rpc.RpcException;

/// Where a reader begins.
public sealed interface Start {
    /// Behind all that the replica knows.
    record Now() implements Start {}

    /// With the first event that is still there.
    record Earliest() implements Start {}

    /// With the last few.
    ///
    /// @param count how many, over all of the topics together; at least 1
    record Last(int count) implements Start {}

    /// Behind an event.
    record After(Token token) implements Start {}

    /// Reads what callers write: empty or `now`, `earliest`, or a token.
    ///
    /// @param field the field of the request that it stands in
    /// @throws RpcException INVALID_ARGUMENT for anything else
    public static Start parse(String text, String field) {
        return switch (text) {
            case "", "now" -> new Now();
            case "earliest" -> new Earliest();
            default -> new After(Token.parse(text, field));
        };
    }
}
