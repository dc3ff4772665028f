package dev.heddle.facade.health;

import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Answers an orchestrator's probe: 200 or 503, with the checks as JSON.
public final class HealthHandler implements ExchangeHandler {
    private static final Headers HEADERS =
            Headers.builder()
                    .set("content-type", "application/json")
                    .set("cache-control", "no-store")
                    .build();

    private final Supplier<Health.Report> report;

    private HealthHandler(Supplier<Health.Report> report) {
        this.report = report;
    }

    /// `/health/ready`: whether calls should come.
    public static ExchangeHandler ready(Health health) {
        return new HealthHandler(health::report);
    }

    /// `/health/live`: whether the process answers at all; what it depends on doesn't count, for a
    /// restart wouldn't mend that.
    public static ExchangeHandler live() {
        return new HealthHandler(() -> new Health.Report(true, Map.of()));
    }

    /// `/health/started`: whether the start is over.
    public static ExchangeHandler started(Health health) {
        return new HealthHandler(() -> new Health.Report(health.isStarted(), Map.of()));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var outcome = report.get();
        exchange.respond(
                outcome.isReady() ? 200 : 503,
                HEADERS,
                json(outcome).getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Health.Report report) {
        var checks =
                report.checks().entrySet().stream()
                        .map(check ->
                                "\"%s\":\"%s\"".formatted(check.getKey(), status(check.getValue())))
                        .collect(Collectors.joining(","));
        return "{\"status\":\"%s\",\"checks\":{%s}}%n".formatted(status(report.isReady()), checks);
    }

    private static String status(boolean isUp) {
        return isUp ? "UP" : "DOWN";
    }
}
