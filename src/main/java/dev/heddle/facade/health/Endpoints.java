package dev.heddle.facade.health;

import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import java.io.IOException;
import java.util.Map;

/// Answers certain paths by handlers of their own, and all others by one.
public final class Endpoints implements ExchangeHandler {
    private final Map<String, ExchangeHandler> byPath;
    private final ExchangeHandler others;

    /// @param byPath handlers by the exact path
    public Endpoints(Map<String, ExchangeHandler> byPath, ExchangeHandler others) {
        this.byPath = Map.copyOf(byPath);
        this.others = others;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        byPath.getOrDefault(exchange.rawPath(), others).handle(exchange);
    }
}
