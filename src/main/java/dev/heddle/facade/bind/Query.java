package dev.heddle.facade.bind;

import static dev.heddle.facade.bind.InvalidParameterException.quote;

import dev.heddle.facade.route.PercentEncoding;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A query string, as HTML forms and `URLSearchParams` write it: `&` between parameters, `+` for a
/// space, UTF-8 in percent-encoding.
///
/// @param parameters in their order
public record Query(List<Parameter> parameters) {
    /// How many there may be.
    public static final int MAX_PARAMETERS = 1_000;

    /// One `name=value`, decoded; a parameter without `=` has an empty value.
    public record Parameter(String name, String value) {}

    /// Reads a query.
    ///
    /// @throws RpcException INVALID_ARGUMENT if it can't be decoded, or has more than
    ///   [#MAX_PARAMETERS]
    public static Query parse(String rawQuery) {
        var parameters = new ArrayList<Parameter>();
        for (int from = 0; from < rawQuery.length(); ) {
            int ampersand = rawQuery.indexOf('&', from);
            int to = ampersand < 0 ? rawQuery.length() : ampersand;
            if (to > from) {
                if (parameters.size() == MAX_PARAMETERS) {
                    throw tooMany();
                }
                parameters.add(parameter(rawQuery.substring(from, to)));
            }
            from = to + 1;
        }
        return new Query(parameters);
    }

    /// The first value under a name.
    public Optional<String> first(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(Parameter::value)
                .findFirst();
    }

    /// The query with more parameters behind its own.
    ///
    /// @throws RpcException INVALID_ARGUMENT if they are more than [#MAX_PARAMETERS]
    public Query with(List<Parameter> more) {
        var all = new ArrayList<>(parameters);
        all.addAll(more);
        if (all.size() > MAX_PARAMETERS) {
            throw tooMany();
        }
        return new Query(all);
    }

    private static Parameter parameter(String raw) {
        int equals = raw.indexOf('=');
        try {
            return equals < 0
                    ? new Parameter(PercentEncoding.decodeQuery(raw), "")
                    : new Parameter(
                            PercentEncoding.decodeQuery(raw.substring(0, equals)),
                            PercentEncoding.decodeQuery(raw.substring(equals + 1)));
        } catch (IllegalArgumentException e) {
            throw malformed("%s: %s".formatted(quote(raw), e.getMessage()));
        }
    }

    private static RpcException tooMany() {
        return malformed(
                "more than %d parameters (expected: at most that)".formatted(MAX_PARAMETERS));
    }

    private static RpcException malformed(String message) {
        return new RpcException(Code.INVALID_ARGUMENT, "query: " + message)
                .withReason("MALFORMED_QUERY");
    }
}
