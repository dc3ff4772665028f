package dev.heddle.facade.bind;

import com.google.protobuf.Message;
import com.google.rpc.BadRequest.FieldViolation;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.PathBinding;
import java.util.ArrayList;
import java.util.List;

/// What became of each part of a request line, for people who wonder why a request does what it
/// does.
///
/// @param bound what was understood, in its order
/// @param rejected what wasn't
/// @param request the message, as far as the line says it
public record BindingReport(List<Bound> bound, List<Rejected> rejected, Message request) {
    /// Where a value came from.
    public enum Source {
        PATH,
        QUERY,
        /// Taken by the gateway itself; see [SystemParameters].
        SYSTEM,
        /// Passed over, as the method's policy has it for names that mean nothing.
        IGNORED
    }

    /// A value that has its place.
    ///
    /// @param parameter the variable of the template, or the name in the query
    /// @param field the field that it set; empty where it set none
    public record Bound(Source source, String parameter, String field, String value) {}

    /// A value that has none.
    ///
    /// @param violation as it is reported to a caller
    /// @param nearest names that the parameter may have been meant to have
    public record Rejected(
            Source source,
            String parameter,
            String value,
            FieldViolation violation,
            List<String> nearest) {
        private static Rejected of(
                Source source, String parameter, String value, InvalidParameterException e) {
            return new Rejected(source, parameter, value, e.violation(), e.nearest());
        }
    }

    /// Binds a line like [RequestBinder#bind], and tells of all that it rejects.
    ///
    /// @param rawQuery the query as it would be sent, without the `?`
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT if the query can't be decoded
    public static BindingReport of(Match.Found match, String rawQuery) {
        var line = match.route().rpc().contract().request().newBuilderForType();
        var bound = new ArrayList<Bound>();
        var rejected = new ArrayList<Rejected>();
        match.path().forEach(binding -> bindPath(binding, line, bound, rejected));
        var binder = new ParameterBinder(match.route(), line);
        for (var parameter : Query.parse(rawQuery).parameters()) {
            try {
                binder.bind(parameter);
                bound.add(bound(parameter, line));
            } catch (InvalidParameterException e) {
                rejected.add(Rejected.of(Source.QUERY, parameter.name(), parameter.value(), e));
            }
        }
        return new BindingReport(List.copyOf(bound), List.copyOf(rejected), line.build());
    }

    private static void bindPath(
            PathBinding binding, Message.Builder line, List<Bound> bound, List<Rejected> rejected) {
        var field = binding.field().toString();
        try {
            Assignment.parse(binding.field(), binding.value()).applyTo(line);
            bound.add(new Bound(Source.PATH, field, field, binding.value()));
        } catch (InvalidParameterException e) {
            rejected.add(Rejected.of(Source.PATH, field, binding.value(), e));
        }
    }

    private static Bound bound(Query.Parameter parameter, Message.Builder line) {
        if (SystemParameters.ALL.contains(parameter.name())) {
            return new Bound(Source.SYSTEM, parameter.name(), "", parameter.value());
        }
        try {
            var target = Target.resolve(line.getDescriptorForType(), parameter.name(), _ -> true);
            return new Bound(Source.QUERY, parameter.name(), name(target), parameter.value());
        } catch (InvalidParameterException _) {
            // bound without a complaint although it names nothing: the policy passes it over
            return new Bound(Source.IGNORED, parameter.name(), "", parameter.value());
        }
    }

    private static String name(Target target) {
        FieldPath field = target.field();
        return target.key().map(key -> "%s[%s]".formatted(field, key)).orElseGet(field::toString);
    }
}
