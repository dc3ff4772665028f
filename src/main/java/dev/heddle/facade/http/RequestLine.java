package dev.heddle.facade.http;

import dev.heddle.facade.bind.Binding;
import dev.heddle.facade.bind.Query;
import dev.heddle.facade.bind.Query.Parameter;
import dev.heddle.facade.bind.RequestBinder;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.Route;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What precedes the body of a request: path, query and header fields, as its method takes them.
final class RequestLine {
    private final Match.Found found;
    private final Exchange exchange;
    private final Supplier<Binding> binding;

    private RequestLine(Match.Found found, Exchange exchange) {
        this.found = found;
        this.exchange = exchange;
        this.binding = bind();
    }

    static RequestLine of(Match.Found found, Exchange exchange) {
        return new RequestLine(found, exchange);
    }

    Route route() {
        return found.route();
    }

    /// @throws RpcException INVALID_ARGUMENT for what can't be bound
    Binding binding() {
        return binding.get();
    }

    /// The same with what the body turned out to say besides its content.
    ///
    /// @param parameters count as those of the query do
    /// @param defaults values of fields that neither sets
    /// @throws RpcException INVALID_ARGUMENT for what can't be bound
    Binding with(List<Parameter> parameters, Map<FieldPath, String> defaults) {
        var query = query().with(parameters);
        var missing = new ArrayList<Parameter>();
        defaults.forEach((field, value) -> {
            if (!names(query, field)) {
                missing.add(new Parameter(field.toString(), value));
            }
        });
        return RequestBinder.bind(found, query.with(missing), exchange.headers());
    }

    Optional<String> systemParameter(String name) {
        try {
            return binding().systemParameter(name);
        } catch (RpcException _) {
            // the request itself will be refused for it
            return Optional.empty();
        }
    }

    /// A failure waits until the request is asked for: until the caller is known.
    private Supplier<Binding> bind() {
        try {
            var bound = RequestBinder.bind(found, query(), exchange.headers());
            return () -> bound;
        } catch (RpcException e) {
            return () -> {
                throw e;
            };
        }
    }

    private Query query() {
        var query = Query.parse(exchange.rawQuery());
        return exchange.method().equals("HEAD")
                ? route().download()
                        .flatMap(Route.Download::head)
                        .map(head -> query.with(List.of(new Parameter(head.toString(), "true"))))
                        .orElse(query)
                : query;
    }

    private static boolean names(Query query, FieldPath field) {
        return query.first(field.toString()).isPresent()
                || query.first(field.leaf().getJsonName()).isPresent();
    }
}
