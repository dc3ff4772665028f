package dev.heddle.facade.bind;

import com.google.rpc.BadRequest.FieldViolation;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.PathBinding;
import dev.heddle.facade.route.Route;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what precedes the body of a request: its path, its query and its `Last-Event-ID`.
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
    private static final String LAST_EVENT_ID = "last-event-id";
    private static final int MAX_VIOLATIONS = 20;

    private final List<FieldViolation> violations = new ArrayList<>();

    private RequestBinder() {}

    /// Binds what precedes the body, so that a request that is wrong there is refused before its
    /// body is read.
    ///
    /// @param match the route and the values of its variables
    /// @param rawQuery the query as it was sent, without the `?`
    /// @param headers for the `Last-Event-ID` of a client that resumes a stream: it fills the field
    ///   that the method's policy names `resume_field`, whatever the request has there, for a
    ///   browser comes back with the address that it first used
    /// @throws RpcException INVALID_ARGUMENT with a violation for each value that can't be bound,
    ///   at most 20
    public static Binding bind(Match.Found match, String rawQuery, Headers headers) {
        return new RequestBinder().bindLine(match, Query.parse(rawQuery), headers);
    }

    private Binding bindLine(Match.Found match, Query query, Headers headers) {
        var route = match.route();
        var line = route.rpc().contract().request().newBuilderForType();
        var path = path(match.path());
        path.forEach(assignment -> assignment.applyTo(line));
        var parameters = new ParameterBinder(route, line);
        query.parameters().forEach(parameter -> collect(() -> parameters.bind(parameter)));
        var resume = resume(route, headers);
        throwViolations();
        return new Binding(route, line.build(), path, resume, parameters.systemParameters());
    }

    private List<Assignment> path(List<PathBinding> bindings) {
        var assignments = new ArrayList<Assignment>(bindings.size());
        for (var binding : bindings) {
            collect(() -> assignments.add(Assignment.parse(binding.field(), binding.value())));
        }
        return assignments;
    }

    private Optional<Assignment> resume(Route route, Headers headers) {
        var assignments = new ArrayList<Assignment>(1);
        route.resumeField()
                .ifPresent(field ->
                        headers.first(LAST_EVENT_ID)
                                .filter(id -> !id.isEmpty())
                                .ifPresent(id ->
                                        collect(() ->
                                                assignments.add(Assignment.parse(field, id)))));
        return assignments.stream().findFirst();
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
