package dev.heddle.facade.http;

import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.Route;
import dev.heddle.rpc.Headers;
import java.util.Map;
import java.util.Optional;

/// Chooses what the response of a route looks like from what the caller accepts.
final class Representation {
    /// What the system parameter `$alt` says instead of a media type.
    private static final Map<String, String> SHORT_NAMES =
            Map.of(
                    "json", MediaTypes.JSON,
                    "ndjson", MediaTypes.NDJSON,
                    "sse", MediaTypes.EVENTS,
                    "csv", MediaTypes.CSV);

    private final Json json;
    private final Settings settings;

    Representation(Json json, Settings settings) {
        this.json = json;
        this.settings = settings;
    }

    /// How the responses are written.
    ///
    /// @param alternative the value of `$alt`, which counts instead of `Accept`
    /// @param isPretty whether a single response is laid out for people
    /// @throws Refusal if nothing that is on offer is accepted
    StreamFormat choose(
            Route route, Headers headers, Optional<String> alternative, boolean isPretty)
            throws Refusal {
        var offers = MediaTypes.ofResponse(route);
        if (offers.contains(MediaTypes.ANY)) {
            return new ContentFormat(route);
        }
        var accept = alternative.map(Representation::only).orElseGet(() -> Accept.of(headers));
        var chosen = accept.best(offers);
        if (chosen.isEmpty()) {
            throw Refusal.notAcceptable(offers);
        }
        var int64AsNumbers =
                accept.parameter(chosen.get(), "int64").filter("number"::equals).isPresent();
        var isStream = route.rpc().streamsResponses();
        var options = new Json.Options(int64AsNumbers, isPretty && !isStream);
        var writer = MessageWriter.of(json, options, route);
        return isStream ? stream(route, chosen.get(), writer) : new SingleFormat(writer);
    }

    private StreamFormat stream(Route route, String type, MessageWriter writer) {
        var contract = route.rpc().contract();
        var response = contract.descriptor().getOutputType();
        return switch (type) {
            case MediaTypes.JSON -> new JsonArrayFormat(writer, settings.heartbeat());
            case MediaTypes.EVENTS ->
                    new SseFormat(
                            writer,
                            Optional.ofNullable(
                                    response.findFieldByName(contract.policy().cursorField())),
                            settings.heartbeat());
            case MediaTypes.CSV ->
                    new CsvFormat(
                            json, response, route.responseBody(), contract.policy().fileName());
            default -> new NdjsonFormat(writer, type, settings.heartbeat());
        };
    }

    private static Accept only(String alternative) {
        var name = SHORT_NAMES.getOrDefault(alternative, alternative);
        return Accept.only(MediaType.parse(name).orElse(MediaType.NONE));
    }
}
