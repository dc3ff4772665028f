package dev.heddle.facade.route;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The routes whose templates match the same paths, by HTTP method.
final class Endpoint {
    private final Map<String, Route> byMethod = new LinkedHashMap<>();

    /// Adds a route; returns the one that has its method already, if there is one.
    Optional<Route> add(Route route) {
        return Optional.ofNullable(byMethod.putIfAbsent(route.httpMethod(), route));
    }

    Optional<Route> find(String httpMethod) {
        var route = byMethod.get(httpMethod);
        if (route == null && httpMethod.equals("HEAD")) {
            route = byMethod.get("GET");
        }
        return Optional.ofNullable(route == null ? byMethod.get(Route.ANY_METHOD) : route);
    }

    Collection<Route> routes() {
        return byMethod.values();
    }

    /// Adds the methods that are served here.
    void addMethodsTo(Set<String> methods) {
        methods.addAll(byMethod.keySet());
        if (byMethod.containsKey("GET")) {
            methods.add("HEAD");
        }
    }
}
