package dev.heddle.facade.bind;

import com.google.rpc.BadRequest.FieldViolation;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.PathBinding;
import dev.heddle.facade.route.Route;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;

/// Reads what precedes the body of a request: its path, its query, and the header fields that the
/// method's policy gives a request field to, such as `Last-Event-ID`.
///
/// A query parameter names a field of the request, by its name in the `.proto` or in JSON, dotted
/// where it is nested at most 32 deep, and repeated for the elements of a list. Values are what
/// JSON has for them, without quotes; a map has a parameter for each key, `labels[key]=value` or
/// `labels.key=value`. Messages that JSON writes as one value (timestamps, durations, field masks,
/// wrappers) are values here too; other messages are given by their fields, and lists of them, or
/// `Struct`, `Value` and `Any`, only in a body. There may be 1,000 parameters.
///
/// A parameter that names no field is refused, or passed over where the method's policy says so;
/// [SystemParameters] are the gateway's own.
public final class RequestBinder {
    private static final int MAX_VIOLATIONS = 20;

    private final List<FieldViolation> violations = new ArrayList<>();

    private RequestBinder() {}

    /// Binds what precedes the body, so that a request that is wrong there is refused before its
    /// body is read.
    ///
    /// @param match the route and the values of its variables
    /// @param rawQuery the query as it was sent, without the `?`
    /// @param headers what they say counts, whatever the query has there: a browser that takes up a
    ///   stream comes back with the address that it first used
    /// @throws RpcException INVALID_ARGUMENT with a violation for each value that can't be bound,
    ///   at most 20
    public static Binding bind(Match.Found match, String rawQuery, Headers headers) {
        return bind(match, Query.parse(rawQuery), headers);
    }

    /// The same for a query that was read before.
    public static Binding bind(Match.Found match, Query query, Headers headers) {
        return new RequestBinder().bindLine(match, query, headers);
    }

    private Binding bindLine(Match.Found match, Query query, Headers headers) {
        var route = match.route();
        var line = route.rpc().contract().request().newBuilderForType();
        var path = path(match.path());
        path.forEach(assignment -> assignment.applyTo(line));
        var parameters = new ParameterBinder(route, line);
        query.parameters().forEach(parameter -> collect(() -> parameters.bind(parameter)));
        var filled = headerFields(route, headers);
        throwViolations();
        return new Binding(route, line.build(), path, filled, parameters.systemParameters());
    }

    private List<Assignment> path(List<PathBinding> bindings) {
        var assignments = new ArrayList<Assignment>(bindings.size());
        for (var binding : bindings) {
            collect(() -> assignments.add(Assignment.parse(binding.field(), binding.value())));
        }
        return assignments;
    }

    private List<Assignment> headerFields(Route route, Headers headers) {
        var assignments = new ArrayList<Assignment>();
        for (var each : route.headerFields()) {
            var value = String.join(", ", headers.all(each.name()));
            if (!value.isEmpty()) {
                collect(() -> assignments.add(Assignment.parse(each.field(), value)));
            }
        }
        return assignments;
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws InvalidParameterException;
    }

    private void collect(Attempt attempt) {
        try {
            attempt.run();
        } catch (InvalidParameterException e) {
            violations.add(e.violation());
            if (violations.size() == MAX_VIOLATIONS) {
                throwViolations();
            }
        }
    }

    private void throwViolations() {
        if (!violations.isEmpty()) {
            throw RpcException.invalidFields(violations);
        }
    }
}
