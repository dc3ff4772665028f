package dev.heddle.http;

import java.io.IOException;
import java.util.Map;

/// Gives some exact paths to handlers of their own, for GET and HEAD, and the rest to another.
public final class Paths implements ExchangeHandler {
    private final Map<String, ExchangeHandler> byPath;
    private final ExchangeHandler otherwise;

    public Paths(Map<String, ExchangeHandler> byPath, ExchangeHandler otherwise) {
        this.byPath = Map.copyOf(byPath);
        this.otherwise = otherwise;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var handler = byPath.get(exchange.rawPath());
        var reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        (handler != null && reads ? handler : otherwise).handle(exchange);
    }
}
