package dev.heddle.rpc;

import io.github.bucket4j.ConsumptionProbe;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How often a caller may call: in all, by `rpc.rate-limit`, and each method that has a
/// `rate_limit` in its policy. Every replica counts for itself.
///
/// Callers are told, in each answer to a call that counts, with `RateLimit-Policy` and `RateLimit`
/// (draft-ietf-httpapi-ratelimit-headers-10): the limits, and what is left of them. They are header
/// fields over HTTP and metadata elsewhere.
final class RateLimits {
    private static final String CALLER = "caller";
    private static final String METHOD = "method";
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private final Optional<Buckets> perCaller;
    private final int maxCallers;
    private final Map<String, Buckets> perMethod = new ConcurrentHashMap<>();

    RateLimits(LimitSettings settings) {
        this.maxCallers = settings.maxCallers();
        this.perCaller = settings.perCaller().map(limit -> new Buckets(limit, maxCallers));
    }

    /// Counts a call whose caller is known.
    ///
    /// @throws RpcException RESOURCE_EXHAUSTED, reason [RpcException#RATE_LIMITED]
    void count(Call call) {
        var contract = call.rpc().contract();
        var limit = contract.policy().rateLimit();
        if (perCaller.isEmpty() && limit.isEmpty()) {
            return;
        }
        var caller = caller(call);
        perCaller.ifPresent(buckets -> take(call, CALLER, buckets, caller));
        limit.ifPresent(own ->
                take(
                        call,
                        METHOD,
                        perMethod.computeIfAbsent(
                                contract.name(), _ -> new Buckets(own, maxCallers)),
                        caller));
    }

    /// Subjects and addresses are never taken for one another.
    private static String caller(Call call) {
        return call.caller().isAnonymous()
                ? "address " + PeerAddress.of(call.peer())
                : "subject " + call.caller().subject();
    }

    private static void take(Call call, String name, Buckets buckets, String caller) {
        var probe = buckets.take(caller);
        tell(call.responseHeaders(), name, buckets.limit(), probe);
        if (!probe.isConsumed()) {
            throw refusal(call, name, buckets.limit(), probe);
        }
    }

    private static void tell(
            Headers.Builder headers, String name, RateLimit limit, ConsumptionProbe probe) {
        headers.add(
                "ratelimit-policy",
                "\"%s\";q=%d;w=%d".formatted(name, limit.requests(), seconds(limit.period())));
        headers.add(
                "ratelimit",
                "\"%s\";r=%d;t=%d"
                        .formatted(
                                name,
                                probe.getRemainingTokens(),
                                seconds(Duration.ofNanos(probe.getNanosToWaitForReset()))));
    }

    private static RpcException refusal(
            Call call, String name, RateLimit limit, ConsumptionProbe probe) {
        var what = name.equals(METHOD) ? "calls of " + call.rpc().contract().name() : "calls";
        return new RpcException(
                        Code.RESOURCE_EXHAUSTED,
                        "more than %d %s in %d s"
                                .formatted(limit.requests(), what, seconds(limit.period())))
                .withReason(
                        RpcException.RATE_LIMITED,
                        Map.of(
                                "limit",
                                name,
                                "requests",
                                Long.toString(limit.requests()),
                                "period",
                                seconds(limit.period()) + "s"))
                .withRetryAfter(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    private static long seconds(Duration duration) {
        return (duration.toNanos() + NANOS - 1) / NANOS;
    }
}
