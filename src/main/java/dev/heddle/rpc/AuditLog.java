package dev.heddle.rpc;

import io.grpc.Status.Code;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Who was denied what, and who administered what: a line of JSON each, in the log named
/// `dev.heddle.audit`.
///
/// A call is denied that fails with UNAUTHENTICATED or PERMISSION_DENIED, wherever that comes from;
/// one administers whose policy says that it is audited. Of those that are denied only so many a
/// minute are written, for anybody can have himself denied as often as he likes; the next line that
/// is written says how many were not, and so does the counter `audit.dropped`.
public final class AuditLog {
    private static final Logger LOGGER = System.getLogger("dev.heddle.audit");

    private final Allotment denials;
    private final Counter dropped;

    /// How much is written.
    ///
    /// @param denialsPerMinute how many denied calls are written in a minute at most; at least 1,
    ///   default 600, key `log.audit-denials`
    public record Settings(int denialsPerMinute) {
        public static final Settings DEFAULT = new Settings(600);

        public Settings {
            if (denialsPerMinute < 1) {
                throw new IllegalArgumentException(
                        "log.audit-denials: %d (expected: >= 1)".formatted(denialsPerMinute));
            }
        }
    }

    /// What was asked for, and by whom.
    private record Request(
            String method, String framing, String peer, Caller caller, Headers headers) {
        static Request of(Call call) {
            return new Request(
                    call.rpc().contract().name(),
                    call.framing(),
                    call.peer(),
                    call.caller(),
                    call.headers());
        }
    }

    public AuditLog(Settings settings, MeterRegistry meters) {
        this.denials = new Allotment(settings.denialsPerMinute());
        this.dropped = meters.counter("audit.dropped");
    }

    /// Notes a refusal from before there was a call, such as for the origin of a page.
    ///
    /// @param method what the caller asked for: a method, or a path
    /// @param peer the address that it came from
    public void refused(
            String method, String framing, String peer, Headers headers, RpcException failure) {
        if (isDenial(failure)) {
            denied(new Request(method, framing, peer, Caller.ANONYMOUS, headers), failure);
        }
    }

    /// Runs the body of a call and notes how it went.
    void observe(Call call, Runnable body) {
        try {
            body.run();
        } catch (RpcException e) {
            failed(call, e);
            throw e;
        }
        if (isAudited(call)) {
            write("administered", Request.of(call), Optional.empty());
        }
    }

    private void failed(Call call, RpcException failure) {
        if (isDenial(failure)) {
            denied(Request.of(call), failure);
        } else if (isAudited(call)) {
            write("administered", Request.of(call), Optional.of(failure));
        }
    }

    private static boolean isAudited(Call call) {
        return call.rpc().contract().policy().isAudited();
    }

    private static boolean isDenial(RpcException failure) {
        return failure.code() == Code.UNAUTHENTICATED || failure.code() == Code.PERMISSION_DENIED;
    }

    private void denied(Request request, RpcException failure) {
        if (!denials.take(System.nanoTime())) {
            dropped.increment();
            return;
        }
        write("denied", request, Optional.of(failure));
    }

    private void write(String event, Request request, Optional<RpcException> failure) {
        if (!LOGGER.isLoggable(Level.INFO)) {
            return;
        }
        var line = new LinkedHashMap<String, String>();
        line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("event", event);
        line.put("outcome", failure.map(RpcException::code).orElse(Code.OK).name());
        failure.flatMap(RpcException::reason).ifPresent(reason -> line.put("reason", reason));
        line.put("method", request.method());
        line.put("framing", request.framing());
        line.put("subject", request.caller().subject());
        line.put("peer", request.peer());
        request.headers().first("x-request-id").ifPresent(id -> line.put("requestId", id));
        request.headers().first("traceparent").ifPresent(trace -> line.put("traceparent", trace));
        var unwritten = denials.takeRefused();
        if (unwritten > 0) {
            line.put("dropped", Long.toString(unwritten));
        }
        LOGGER.log(Level.INFO, AuditLine.of(line));
    }
}
