package dev.heddle.facade.docs;

import dev.heddle.facade.bind.BindingReport;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.rpc.RpcException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a request would be taken for.
///
/// @param line the request
/// @param outcome what its path means
/// @param route the rule that it gets
/// @param binding what became of its parts
/// @param allow the methods that its path has, where it has not the one asked for
/// @param nearMisses rules that it doesn't get, but nearly
/// @param problem what can't be read of it
record Explanation(
        RequestLine line,
        Outcome outcome,
        Optional<Route> route,
        Optional<BindingReport> binding,
        Set<String> allow,
        List<NearMiss> nearMisses,
        Optional<String> problem) {
    /// What the method and the path of a request mean.
    enum Outcome {
        /// A rule, and all parts have their places.
        MATCHED,
        /// A rule, but a part has no place.
        REJECTED,
        METHOD_NOT_ALLOWED,
        NOT_FOUND,
        /// The path or the query can't be decoded.
        MALFORMED
    }

    /// @param reason why it isn't the one
    record NearMiss(Route route, String reason) {}

    static Explanation of(RouteTable routes, RequestLine line) {
        try {
            return switch (routes.match(line.method(), line.rawPath())) {
                case Match.Found found -> found(routes, line, found);
                case Match.MethodNotAllowed(var allow) ->
                        new Explanation(
                                line,
                                Outcome.METHOD_NOT_ALLOWED,
                                Optional.empty(),
                                Optional.empty(),
                                allow,
                                others(routes, line, Optional.empty()),
                                Optional.empty());
                case Match.NotFound _ ->
                        new Explanation(
                                line,
                                Outcome.NOT_FOUND,
                                Optional.empty(),
                                Optional.empty(),
                                Set.of(),
                                near(routes, line),
                                Optional.empty());
            };
        } catch (RpcException e) {
            return malformed(line, Optional.empty(), e.message());
        }
    }

    private static Explanation found(RouteTable routes, RequestLine line, Match.Found found) {
        BindingReport binding;
        try {
            binding = BindingReport.of(found, line.rawQuery());
        } catch (RpcException e) {
            return malformed(line, Optional.of(found.route()), e.message());
        }
        return new Explanation(
                line,
                binding.rejected().isEmpty() ? Outcome.MATCHED : Outcome.REJECTED,
                Optional.of(found.route()),
                Optional.of(binding),
                Set.of(),
                others(routes, line, Optional.of(found.route())),
                Optional.empty());
    }

    private static Explanation malformed(RequestLine line, Optional<Route> route, String problem) {
        return new Explanation(
                line,
                Outcome.MALFORMED,
                route,
                Optional.empty(),
                Set.of(),
                List.of(),
                Optional.of(problem));
    }

    private static List<NearMiss> others(
            RouteTable routes, RequestLine line, Optional<Route> winner) {
        return routes.candidates(line.rawPath()).stream()
                .filter(route -> winner.filter(route::equals).isEmpty())
                .map(route -> new NearMiss(route, reason(route, line)))
                .toList();
    }

    private static String reason(Route route, RequestLine line) {
        var isSameMethod =
                route.httpMethod().equals(line.method())
                        || route.httpMethod().equals(Route.ANY_METHOD);
        return isSameMethod
                ? "another rule matches the path more closely"
                : "the path under another method";
    }

    private static List<NearMiss> near(RouteTable routes, RequestLine line) {
        return routes.nearest(line.rawPath()).stream()
                .map(route -> new NearMiss(route, "a path that is spelled nearly so"))
                .toList();
    }
}
