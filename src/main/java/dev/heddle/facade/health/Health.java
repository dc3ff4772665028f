package dev.heddle.facade.health;

import dev.heddle.facade.health.CachedCheck.State;
import dev.heddle.http.ExchangeHandler;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/// Whether the gateway has started, lives, and is ready to serve: as Kubernetes asks it, and as
/// load balancers do.
///
/// - live: the process answers; it says nothing of what the gateway needs, so that a database that
///   is down doesn't get the gateway restarted.
/// - started: [#start] was called.
/// - ready: started, not stopping, and every check passes.
public final class Health {
    /// How long one check may take.
    public static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);

    /// How long the result of a check holds.
    public static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final ConcurrentMap<String, CachedCheck> checks = new ConcurrentHashMap<>();
    private volatile boolean started;
    private volatile boolean stopping;

    /// Adds something that must be there for the gateway to be ready.
    ///
    /// @param name such as `database`
    public Health check(String name, Check check) {
        checks.put(name, new CachedCheck(name, check, CHECK_TIMEOUT, CHECK_INTERVAL));
        return this;
    }

    /// The gateway listens.
    public void start() {
        started = true;
    }

    /// The gateway is about to stop: it isn't ready any more, so that no new calls are sent to it.
    public void stop() {
        stopping = true;
    }

    public boolean isStarted() {
        return started;
    }

    public boolean isReady() {
        return isUp(states().values());
    }

    /// The handlers by their paths: `/health/live`, `/health/started` and `/health/ready`. Each
    /// answers 200 or 503, with the checks behind it as JSON.
    public Map<String, ExchangeHandler> handlers() {
        return Map.of(
                "/health/live",
                exchange -> answer(Map.of()).send(exchange),
                "/health/started",
                exchange -> answer(Map.of("gateway", started ? "ok" : "starting")).send(exchange),
                "/health/ready",
                exchange -> answer(states()).send(exchange));
    }

    private Map<String, String> states() {
        var states = new LinkedHashMap<String, String>();
        states.put("gateway", stopping ? "stopping" : started ? "ok" : "starting");
        checks.forEach((name, check) -> states.put(name, text(check.state())));
        return states;
    }

    private static String text(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Answer answer(Map<String, String> states) {
        var isUp = isUp(states.values());
        var json =
                states.entrySet().stream()
                        .map(entry -> "\"%s\":\"%s\"".formatted(entry.getKey(), entry.getValue()))
                        .collect(
                                Collectors.joining(
                                        ",",
                                        "{\"status\":\"%s\",\"checks\":{"
                                                .formatted(isUp ? "up" : "down"),
                                        "}}\n"));
        return new Answer(isUp ? 200 : 503, "application/json", json);
    }

    private static boolean isUp(Collection<String> states) {
        return states.stream().allMatch("ok"::equals);
    }
}
