package dev.heddle.facade.health;

import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;

/// All meters in the text format of Prometheus.
public final class Metrics implements ExchangeHandler {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry meters;

    public Metrics(PrometheusMeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        new Answer(200, CONTENT_TYPE, meters.scrape(CONTENT_TYPE)).send(exchange);
    }
}
