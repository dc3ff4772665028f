package dev.heddle.http.helidon;

import dev.heddle.http.carrier.ErrorBody;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.DirectHandlers;

/// What Helidon answers by itself, in the shape of all other errors.
final class HelidonErrors {
    private HelidonErrors() {}

    static DirectHandlers handlers() {
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            handlers.addHandler(
                    type,
                    (_, _, status, headers, _) ->
                            DirectHandler.TransportResponse.builder()
                                    .status(status)
                                    .headers(headers)
                                    .header(HeaderNames.CONTENT_TYPE, "application/json")
                                    .entity(
                                            new ErrorBody(status.code(), status.reasonPhrase())
                                                    .toBytes())
                                    .build());
        }
        return handlers.build();
    }
}
