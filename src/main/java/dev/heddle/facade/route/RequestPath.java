package dev.heddle.facade.route;

import dev.heddle.facade.route.PathTemplate.Variable;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The path of a request, in segments.
///
/// @param raw the segments as they were sent
/// @param decoded the segments decoded
/// @param verb the custom verb, decoded; empty where there is none
record RequestPath(List<String> raw, List<String> decoded, String verb) {
    private static final int SHOWN = 128;

    /// Splits a path; empty if it has an empty segment or a dot segment, which name nothing:
    /// clients remove dot segments before they send a path (RFC 3986, section 5.2.4), and one that
    /// gets through must not mean one thing to us and another to what is before or behind us.
    ///
    /// @throws RpcException INVALID_ARGUMENT if it can't be decoded
    static Optional<RequestPath> split(String path) {
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        if (path.length() == 1) {
            return Optional.of(new RequestPath(List.of(), List.of(), ""));
        }
        var raw = new ArrayList<String>();
        var decoded = new ArrayList<String>();
        for (int from = 1; from <= path.length(); from += raw.getLast().length() + 1) {
            int slash = path.indexOf('/', from);
            raw.add(path.substring(from, slash < 0 ? path.length() : slash));
            decoded.add(decode(raw.getLast(), path));
            if (namesNothing(decoded.getLast())) {
                return Optional.empty();
            }
        }
        return Optional.of(new RequestPath(raw, decoded, ""));
    }

    /// The same path with what follows the last colon as its verb; empty if there is no colon with
    /// something on both sides of it. It was decoded before, so that can't fail.
    Optional<RequestPath> splitVerb() {
        if (raw.isEmpty()) {
            return Optional.empty();
        }
        var last = raw.getLast();
        int colon = last.lastIndexOf(':');
        if (colon < 1 || colon == last.length() - 1) {
            return Optional.empty();
        }
        var resource = last.substring(0, colon);
        return Optional.of(
                new RequestPath(
                        withLast(raw, resource),
                        withLast(decoded, PercentEncoding.decode(resource)),
                        PercentEncoding.decode(last.substring(colon + 1))));
    }

    /// What a variable of a template takes.
    String value(PathTemplate template, Variable variable) {
        if (!variable.isMultiSegment()) {
            return decoded.get(variable.from());
        }
        int to = template.isOpenEnded(variable) ? raw.size() : variable.to();
        return PercentEncoding.decodeSegments(String.join("/", raw.subList(variable.from(), to)));
    }

    private static boolean namesNothing(String segment) {
        return segment.isEmpty() || segment.equals(".") || segment.equals("..");
    }

    private static String decode(String segment, String path) {
        try {
            return PercentEncoding.decode(segment);
        } catch (IllegalArgumentException e) {
            var shown = path.length() > SHOWN ? path.substring(0, SHOWN) + "…" : path;
            throw new RpcException(
                            Code.INVALID_ARGUMENT,
                            "path \"%s\": %s".formatted(shown, e.getMessage()))
                    .withReason("MALFORMED_PATH");
        }
    }

    private static List<String> withLast(List<String> list, String last) {
        var copy = new ArrayList<>(list);
        copy.set(copy.size() - 1, last);
        return copy;
    }
}
