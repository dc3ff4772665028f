package dev.heddle.rpc;

import io.grpc.Status.Code;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What operators get to see of each call: a span, a timer and a line in the access log, the same
/// for all framings.
final class Telemetry {
    private static final Logger ACCESS = System.getLogger("dev.heddle.access");

    private final MeterRegistry meters;
    private final OpenTelemetry openTelemetry;
    private final Tracer tracer;
    private final AtomicInteger active;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    /// What calls are told apart by.
    private record Series(String method, String framing, Code code) {}

    Telemetry(MeterRegistry meters, OpenTelemetry openTelemetry) {
        this.meters = meters;
        this.openTelemetry = openTelemetry;
        this.tracer = openTelemetry.getTracer("dev.heddle");
        this.active = meters.gauge("rpc.server.active", new AtomicInteger());
    }

    /// Runs the body of a call and reports how it went.
    void observe(Call call, Runnable body) {
        active.incrementAndGet();
        var span = startSpan(call);
        var failure = Optional.<RpcException>empty();
        try (var _ = span.makeCurrent()) {
            body.run();
        } catch (RpcException e) {
            failure = Optional.of(e);
            throw e;
        } finally {
            active.decrementAndGet();
            end(span, failure);
            var series = new Series(call.rpc().contract().name(), call.framing(), code(failure));
            timers.computeIfAbsent(series, this::timer).record(call.elapsed());
            log(call, span, failure);
        }
    }

    private Span startSpan(Call call) {
        var parent =
                openTelemetry
                        .getPropagators()
                        .getTextMapPropagator()
                        .extract(Context.root(), call.headers(), HeadersGetter.INSTANCE);
        return tracer.spanBuilder(call.rpc().contract().name())
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("rpc.system", "grpc")
                .setAttribute("rpc.framing", call.framing())
                .startSpan();
    }

    private static void end(Span span, Optional<RpcException> failure) {
        span.setAttribute("rpc.grpc.status_code", code(failure).value());
        failure.ifPresent(e -> span.setStatus(StatusCode.ERROR, e.message()));
        span.end();
    }

    private static Code code(Optional<RpcException> failure) {
        return failure.map(RpcException::code).orElse(Code.OK);
    }

    private Timer timer(Series series) {
        return meters.timer(
                "rpc.server.duration",
                Tags.of(
                        "method", series.method(),
                        "framing", series.framing(),
                        "code", series.code().name()));
    }

    private static void log(Call call, Span span, Optional<RpcException> failure) {
        if (!ACCESS.isLoggable(Level.INFO)) {
            return;
        }
        var caller = call.caller().isAnonymous() ? "-" : call.caller().subject();
        var context = span.getSpanContext();
        ACCESS.log(
                Level.INFO,
                "%s %s %s %d us, peer %s, caller %s%s%s"
                        .formatted(
                                call.rpc().contract().name(),
                                call.framing(),
                                code(failure),
                                call.elapsed().toNanos() / 1000,
                                call.peer(),
                                caller,
                                context.isValid() ? ", trace " + context.getTraceId() : "",
                                failure.map(e -> ": " + printable(e.message())).orElse("")));
    }

    /// What a caller sent must not forge lines of the log.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private enum HeadersGetter implements TextMapGetter<Headers> {
        INSTANCE;

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
            return headers == null ? null : headers.first(name).orElse(null);
        }
    }
}
