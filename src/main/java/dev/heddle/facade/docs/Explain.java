package dev.heddle.facade.docs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heddle.facade.Cors;
import dev.heddle.facade.HttpStatus;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Tells what a request would be taken for, without making it: `GET
/// /explain?method=GET&path=/v1/users/7?x=1`.
///
/// `method` is GET where it is left out. `path` may have a query; what follows it in the query of
/// `/explain` itself belongs to it as well, so that an address can be pasted as it is. Where that
/// matters, escapes are doubled, as in any value of a query.
final class Explain implements ExchangeHandler {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Headers JSON_HEADERS =
            Headers.builder()
                    .set("content-type", "application/json")
                    .set("cache-control", "no-store")
                    .build();

    private final RouteTable routes;
    private final Json json;
    private final Cors cors;

    Explain(RouteTable routes, Json json, Cors cors) {
        this.routes = routes;
        this.json = json;
        this.cors = cors;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var headers = Headers.builder().addAll(JSON_HEADERS);
        cors.allow(exchange, headers);
        try {
            var line = RequestLine.parse(exchange.rawQuery());
            exchange.respond(200, headers.build(), write(Explanation.of(routes, line)));
        } catch (RpcException e) {
            exchange.respond(HttpStatus.of(e), headers.build(), json.toBytes(e.toStatus()));
        }
    }

    private byte[] write(Explanation explanation) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
            generator.useDefaultPrettyPrinter();
            new ExplanationWriter(generator, json).write(explanation);
            generator.writeRaw('\n');
        }
        return bytes.toByteArray();
    }
}
