package dev.heddle.facade.route;

import dev.heddle.facade.route.PathTemplate.Segment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// All templates, merged where they begin alike: a node for each sequence of segments. A search
/// visits each node at most once, the most specific first.
final class PathTrie {
    private final Map<String, PathTrie> literals = new HashMap<>();
    private Optional<PathTrie> any = Optional.empty();
    private final Map<String, Endpoint> ends = new HashMap<>();
    private final Map<String, Endpoint> rests = new HashMap<>();

    /// Adds a route; returns the one that has its place already, if there is one.
    Optional<Route> add(Route route) {
        var node = this;
        for (var segment : route.template().segments()) {
            switch (segment) {
                case Segment.Literal(var text) ->
                        node = node.literals.computeIfAbsent(text, _ -> new PathTrie());
                case Segment.Any _ -> node = node.anySegment();
                case Segment.Rest _ -> {
                    return put(node.rests, route);
                }
            }
        }
        return put(node.ends, route);
    }

    /// Returns the first result that a function gives for an endpoint that matches.
    <T> Optional<T> search(RequestPath path, Function<Endpoint, Optional<T>> function) {
        return search(path, 0, function);
    }

    private <T> Optional<T> search(
            RequestPath path, int depth, Function<Endpoint, Optional<T>> function) {
        if (depth == path.decoded().size()) {
            var end = apply(ends, path, function);
            return end.isPresent() ? end : apply(rests, path, function);
        }
        var literal = literals.get(path.decoded().get(depth));
        if (literal != null) {
            var result = literal.search(path, depth + 1, function);
            if (result.isPresent()) {
                return result;
            }
        }
        if (any.isPresent()) {
            var result = any.get().search(path, depth + 1, function);
            if (result.isPresent()) {
                return result;
            }
        }
        return apply(rests, path, function);
    }

    private PathTrie anySegment() {
        var node = any.orElseGet(PathTrie::new);
        any = Optional.of(node);
        return node;
    }

    private static Optional<Route> put(Map<String, Endpoint> endpoints, Route route) {
        return endpoints.computeIfAbsent(route.template().verb(), _ -> new Endpoint()).add(route);
    }

    private static <T> Optional<T> apply(
            Map<String, Endpoint> endpoints,
            RequestPath path,
            Function<Endpoint, Optional<T>> function) {
        var endpoint = endpoints.get(path.verb());
        return endpoint == null ? Optional.empty() : function.apply(endpoint);
    }
}
