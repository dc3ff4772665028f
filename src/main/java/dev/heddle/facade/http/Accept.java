package dev.heddle.facade.http;

import dev.heddle.rpc.Headers;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What a caller accepts (RFC 9110, 12.5).
final class Accept {
    private static final Accept EVERYTHING = only(MediaType.ANY);

    private final List<MediaType> ranges;

    private Accept(List<MediaType> ranges) {
        this.ranges = ranges;
    }

    /// No `Accept` at all accepts everything; elements that can't be read count for nothing.
    static Accept of(Headers headers) {
        var values = headers.all("accept");
        return values.isEmpty()
                ? EVERYTHING
                : new Accept(
                        values.stream()
                                .flatMap(value -> HeaderLists.split(value, ',').stream())
                                .flatMap(element -> MediaType.parse(element).stream())
                                .toList());
    }

    static Accept only(MediaType type) {
        return new Accept(List.of(type));
    }

    /// The best of what is on offer.
    ///
    /// @param offers names of media types, the server's favourite first
    Optional<String> best(Collection<String> offers) {
        String best = "";
        double bestWeight = 0;
        for (var offer : offers) {
            var weight = range(offer).map(Accept::weight).orElse(0d);
            if (weight > bestWeight) {
                best = offer;
                bestWeight = weight;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /// The parameter of the range that a media type was chosen by.
    Optional<String> parameter(String name, String parameter) {
        return range(name).flatMap(range -> range.parameter(parameter));
    }

    /// Whether `Accept-Encoding` asks for gzip.
    static boolean acceptsGzip(Headers headers) {
        var elements =
                headers.all("accept-encoding").stream()
                        .flatMap(value -> HeaderLists.split(value, ',').stream())
                        .toList();
        return coding(elements, "gzip")
                .or(() -> coding(elements, "x-gzip"))
                .or(() -> coding(elements, "*"))
                .orElse(false);
    }

    private static Optional<Boolean> coding(List<String> elements, String coding) {
        return elements.stream()
                .map(element -> HeaderLists.split(element, ';'))
                .filter(parts -> parts.getFirst().equalsIgnoreCase(coding))
                .map(parts ->
                        parts.stream()
                                .skip(1)
                                .filter(part -> part.startsWith("q="))
                                .allMatch(q -> HeaderLists.weight(q.substring(2)) > 0))
                .findFirst();
    }

    /// The most precise range that a type is in.
    private Optional<MediaType> range(String name) {
        var best = Optional.<MediaType>empty();
        var bestPrecision = 0;
        for (var range : ranges) {
            var precision = range.precision(name);
            if (precision > bestPrecision) {
                best = Optional.of(range);
                bestPrecision = precision;
            }
        }
        return best;
    }

    private static double weight(MediaType range) {
        return range.parameter("q").map(HeaderLists::weight).orElse(1d);
    }
}
