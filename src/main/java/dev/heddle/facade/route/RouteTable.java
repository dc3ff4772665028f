package dev.heddle.facade.route;

import dev.heddle.rpc.Rpcs;
import java.util.List;

/// All routes of a gateway, searched by the method and the path of a request. Safe for use by many
/// threads.
///
/// Where several templates match a path, the first segment in which they differ decides: a literal
/// beats `*`, which beats `**`. No two templates that match a common path can be equal in that, or
/// the table would have refused them at start.
public final class RouteTable {
    private final List<Route> routes;

    private RouteTable(List<Route> routes) {
        this.routes = routes;
    }

    /// Compiles the rules of all methods. A method without a rule has no route.
    ///
    /// @throws IllegalArgumentException naming the method and its rule, if a template breaks the
    ///   grammar of `google/api/http.proto`, a variable, a body or a response body names no
    ///   suitable field, bindings are nested deeper than one level, or two rules are ambiguous
    public static RouteTable of(Rpcs rpcs) {
        return new RouteTable(List.of());
    }

    /// Finds the route of a request. GET's routes serve HEAD where no rule of their own does. A
    /// path with an empty segment or a dot segment, or with a trailing slash, has no route.
    ///
    /// A suffix `:verb` of the last segment is a custom verb where some route has that path with
    /// that verb, else it belongs to the segment. `%3A` never begins a verb.
    ///
    /// @param httpMethod in upper case
    /// @param rawPath from its first `/`, percent-encoding included, without the query
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT if the percent-encoding of the path is
    ///   broken, or what it encodes is not UTF-8
    public Match match(String httpMethod, String rawPath) {
        return new Match.NotFound(List.of());
    }

    /// All routes in the order of their methods' registration.
    public List<Route> routes() {
        return routes;
    }
}
