package dev.heddle.facade.route;

import java.util.List;
import java.util.SortedSet;

/// What the method and the path of a request mean.
public sealed interface Match {
    /// A route.
    ///
    /// @param path what the variables of its template took from the path, decoded, in the order of
    ///   the template
    record Found(Route route, List<PathBinding> path) implements Match {}

    /// A path that exists, under other methods only.
    ///
    /// @param allow those methods, for the `Allow` header; HEAD is among them where GET is
    record MethodNotAllowed(SortedSet<String> allow) implements Match {}

    /// A path that does not exist.
    ///
    /// @param nearest the templates that come nearest, at most three, nearest first; for the
    ///   message
    record NotFound(List<String> nearest) implements Match {}
}
