package dev.heddle.facade.route;

import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.Rpcs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// All routes of a gateway, searched by the method and the path of a request. Safe for use by many
/// threads.
///
/// Where several templates match a path, the first segment in which they differ decides: a literal
/// beats `*`, which beats `**`. No two templates that match a common path can be equal in that, or
/// the table would have refused them at start.
public final class RouteTable {
    private final List<Route> routes;
    private final PathTrie trie = new PathTrie();
    private final Set<String> verbs = new HashSet<>();

    private RouteTable(List<Route> routes) {
        this.routes = routes;
        routes.forEach(this::add);
    }

    /// Compiles the rules of all methods. A method without a rule has no route.
    ///
    /// @throws IllegalArgumentException naming the method and its rule, if a template breaks the
    ///   grammar of `google/api/http.proto`, a variable, a body or a response body names no
    ///   suitable field, bindings are nested deeper than one level, or two rules are ambiguous
    public static RouteTable of(Rpcs rpcs) {
        return of(rpcs.all());
    }

    static RouteTable of(Collection<? extends Rpc<?, ?>> rpcs) {
        return new RouteTable(
                rpcs.stream().flatMap(rpc -> RouteCompiler.compile(rpc).stream()).toList());
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
        return RequestPath.split(rawPath)
                .flatMap(path ->
                        path.splitVerb()
                                .filter(withVerb -> verbs.contains(withVerb.verb()))
                                .flatMap(withVerb -> match(httpMethod, withVerb))
                                .or(() -> match(httpMethod, path)))
                .orElseGet(() -> new Match.NotFound(NearestTemplates.to(rawPath, routes)));
    }

    /// The routes whose templates match a path, whatever their methods: the one that a request gets
    /// is among them. The most specific template comes first.
    ///
    /// @throws dev.heddle.rpc.RpcException as [#match] does
    public List<Route> candidates(String rawPath) {
        var candidates = new LinkedHashSet<Route>();
        RequestPath.split(rawPath)
                .ifPresent(path -> {
                    path.splitVerb().ifPresent(withVerb -> collect(withVerb, candidates));
                    collect(path, candidates);
                });
        return List.copyOf(candidates);
    }

    /// The routes that a path without a route may have been meant for, nearest first.
    public List<Route> nearest(String rawPath) {
        return NearestTemplates.to(rawPath, routes).stream()
                .flatMap(text ->
                        routes.stream().filter(route -> route.template().text().equals(text)))
                .toList();
    }

    /// All routes in the order of their methods' registration.
    public List<Route> routes() {
        return routes;
    }

    private void collect(RequestPath path, Collection<Route> into) {
        trie.search(
                path,
                endpoint -> {
                    into.addAll(endpoint.routes());
                    return Optional.empty();
                });
    }

    /// Empty if no route has the path.
    private Optional<Match> match(String httpMethod, RequestPath path) {
        var route = trie.search(path, endpoint -> endpoint.find(httpMethod));
        if (route.isPresent()) {
            return Optional.of(new Match.Found(route.get(), bindings(route.get(), path)));
        }
        var allow = new TreeSet<String>();
        trie.search(
                path,
                endpoint -> {
                    endpoint.addMethodsTo(allow);
                    return Optional.empty();
                });
        return allow.isEmpty() ? Optional.empty() : Optional.of(new Match.MethodNotAllowed(allow));
    }

    private static List<PathBinding> bindings(Route route, RequestPath path) {
        var variables = route.template().variables();
        var bindings = new ArrayList<PathBinding>(variables.size());
        for (int i = 0; i < variables.size(); i++) {
            var value = path.value(route.template(), variables.get(i));
            bindings.add(new PathBinding(route.variables().get(i), value));
        }
        return bindings;
    }

    private void add(Route route) {
        verbs.add(route.template().verb());
        trie.add(route)
                .ifPresent(other -> {
                    throw new IllegalArgumentException(
                            "http rules of %s and %s: %s and %s match the same paths (expected: a different literal, verb or HTTP method)"
                                    .formatted(
                                            other.rpc().contract().name(),
                                            route.rpc().contract().name(),
                                            other,
                                            route));
                });
    }
}
