package dev.heddle.facade.bind;

import dev.heddle.facade.route.Match;
import dev.heddle.rpc.Headers;

/// Reads path and query of requests.
public final class RequestBinder {
    private RequestBinder() {}

    /// Binds what precedes the body, so that a request that is wrong there is refused before its
    /// body is read.
    ///
    /// @param match the route and the values of its variables
    /// @param rawQuery the query as it was sent, without the `?`
    /// @param headers for the `Last-Event-ID` of a client that resumes a stream: it fills the field
    ///   that the method's policy names `resume_field`, unless the request sets it
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT with a violation for each value that
    ///   can't be bound
    public static Binding bind(Match.Found match, String rawQuery, Headers headers) {
        return new Binding(match.route().rpc().contract().request());
    }
}
