package dev.heddle.rpc;

import com.google.protobuf.Message;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// What every call of every framing goes through, in this order: authenticate, count, authorise,
/// limit, validate, serve; the deadline runs from the first moment, and the whole is traced,
/// metered and logged.
public final class Pipeline {
    /// How long a stream that says goodbye has for it.
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Authenticator authenticator;
    private final Settings settings;
    private final Limits limits;
    private final RateLimits rates;
    private final Telemetry telemetry;
    private final AuditLog audit;
    private final Validation validation = new Validation();
    private final ActiveCalls active = new ActiveCalls();
    private volatile boolean draining;

    /// The bounds of calls.
    ///
    /// @param defaultTimeout the time that a unary call gets when neither its caller nor its policy
    ///   sets one; more than zero, key `rpc.default-timeout`
    /// @param limits how many calls may run at once, and how often callers may call
    public record Settings(Duration defaultTimeout, LimitSettings limits) {
        public Settings {
            if (!defaultTimeout.isPositive()) {
                throw new IllegalArgumentException(
                        "rpc.default-timeout: %s (expected: > 0)".formatted(defaultTimeout));
            }
        }

        /// The defaults, with so many calls of each sort at once.
        public Settings(Duration defaultTimeout, int maxConcurrency) {
            this(defaultTimeout, LimitSettings.atMost(maxConcurrency));
        }
    }

    public Pipeline(
            Authenticator authenticator,
            Settings settings,
            MeterRegistry meters,
            OpenTelemetry openTelemetry) {
        this(
                authenticator,
                settings,
                meters,
                openTelemetry,
                new AuditLog(AuditLog.Settings.DEFAULT, meters));
    }

    public Pipeline(
            Authenticator authenticator,
            Settings settings,
            MeterRegistry meters,
            OpenTelemetry openTelemetry,
            AuditLog audit) {
        this.authenticator = authenticator;
        this.settings = settings;
        this.limits = new Limits(settings.limits(), meters);
        this.rates = new RateLimits(settings.limits());
        this.telemetry = new Telemetry(meters, openTelemetry);
        this.audit = audit;
    }

    /// Takes up a call: from here its deadline runs, and the facade can cancel it.
    public Call open(Rpc<?, ?> rpc, Call.Origin origin) {
        var call = new Call(rpc, origin);
        timeout(rpc, origin).ifPresent(call::expireAfter);
        return call;
    }

    /// Serves a call on the current thread. At return the handler has ended well and all that it
    /// sent was taken.
    ///
    /// @throws RpcException the failure to show to the caller
    public <Q extends Message, R extends Message> void run(
            Rpc<Q, R> rpc, Call call, Inbound<Q> in, Outbound<R> out) {
        active.add(call);
        try (var _ = startDeadline(call)) {
            telemetry.observe(
                    call, () -> audit.observe(call, () -> admitAndServe(rpc, call, in, out)));
        } finally {
            active.remove(call);
        }
    }

    /// Refuses what [#run] would refuse for certain, for framings that begin before there is a
    /// call: credentials that are not accepted or do not suffice, and anything at all while the
    /// gateway stops. A caller without credentials may still bring them with the call.
    ///
    /// @return the caller, for [Call.Origin#admitted]
    /// @throws RpcException the failure to show to the caller
    public Caller admit(Rpc<?, ?> rpc, Credentials credentials) {
        checkNotDraining();
        var caller = authenticator.authenticate(credentials);
        check(caller);
        if (!caller.isAnonymous()) {
            authorise(rpc, caller);
        }
        return caller;
    }

    /// Ends the calls whose callers' credentials were revoked, as [Authenticator#check] says.
    public void recheck() {
        active.forEach(call -> {
            try {
                authenticator.check(call.caller());
            } catch (RpcException e) {
                call.cancel(e);
            }
        });
    }

    /// What keeps track of those who are denied, also before there is a call.
    public AuditLog audit() {
        return audit;
    }

    /// How many calls run now.
    public int activeCalls() {
        return active.size();
    }

    /// Refuses new calls, ends streams and waits for the calls that answer once. A stream that has
    /// an action for it ([Call#onDrain]) may end by itself within the grace time, at most
    /// [#FAREWELL]; after that, and without an action at once, it is cancelled with UNAVAILABLE.
    /// What still runs after the grace time is cancelled too and given as long again to end.
    ///
    /// @return whether every call has ended
    public boolean drain(Duration grace) throws InterruptedException {
        var start = System.nanoTime();
        draining = true;
        active.endStreams(grace.compareTo(FAREWELL) < 0 ? grace : FAREWELL, Pipeline::stopping);
        if (active.awaitNone(grace.minusNanos(System.nanoTime() - start))) {
            return true;
        }
        active.cancel(Pipeline::stopping);
        return active.awaitNone(grace);
    }

    private Optional<Duration> timeout(Rpc<?, ?> rpc, Call.Origin origin) {
        var policy = rpc.contract().policy();
        var wanted =
                origin.timeout()
                        .or(policy::defaultTimeout)
                        .or(() ->
                                rpc instanceof Rpc.Unary
                                        ? Optional.of(settings.defaultTimeout())
                                        : Optional.empty());
        return policy.maxTimeout()
                .map(max -> wanted.filter(w -> w.compareTo(max) < 0).orElse(max))
                .or(() -> wanted);
    }

    private static Task.Registration startDeadline(Call call) {
        return call.remaining()
                .map(left ->
                        Deadlines.after(
                                left,
                                () ->
                                        call.cancel(
                                                new RpcException(
                                                        Code.DEADLINE_EXCEEDED,
                                                        "the deadline passed after %d ms"
                                                                .formatted(
                                                                        call.elapsed()
                                                                                .toMillis())))))
                .orElse(() -> {});
    }

    /// Ends a call with the credentials that it rests on.
    private static Task.Registration startExpiry(Call call) {
        var grant = call.caller().grant();
        if (!grant.expires()) {
            return () -> {};
        }
        var left = Duration.between(Instant.now(), grant.expireTime());
        if (call.remaining().filter(deadline -> deadline.compareTo(left) < 0).isPresent()) {
            return () -> {};
        }
        return Deadlines.after(
                left.plusMillis(1), () -> call.cancel(RpcException.expired(grant.expireTime())));
    }

    private <Q extends Message, R extends Message> void admitAndServe(
            Rpc<Q, R> rpc, Call call, Inbound<Q> in, Outbound<R> out) {
        admit(rpc, call);
        var place = limits.acquire(rpc);
        var failure = Optional.<RpcException>empty();
        try (var _ = startExpiry(call)) {
            serve(rpc, call, new ValidInbound<>(in, call, validation), out);
        } catch (Exception | StackOverflowError e) {
            var shown = toRpcException(e, call);
            failure = Optional.of(shown);
            throw shown;
        } finally {
            place.leave(failure);
        }
    }

    private static <Q extends Message, R extends Message> void serve(
            Rpc<Q, R> rpc, Call call, Inbound<Q> in, Outbound<R> out) throws Exception {
        try {
            var _ =
                    call.run(() -> {
                        rpc.serve(in, new GuardedOutbound<>(out, call), call);
                        return call;
                    });
        } finally {
            if (rpc.streamsRequests()) {
                // a thread that the handler left reading would wait for nobody
                in.release();
            }
        }
    }

    private void admit(Rpc<?, ?> rpc, Call call) {
        checkNotDraining();
        var caller = authenticate(call);
        check(caller);
        authorise(rpc, caller);
    }

    private Caller authenticate(Call call) {
        var origin = call.origin();
        try {
            var caller =
                    origin.admitted()
                            .orElseGet(() -> authenticator.authenticate(origin.credentials()));
            // before the check: what is revoked from now on reaches the call by recheck
            call.authenticatedAs(caller);
            return caller;
        } finally {
            // Who tries credentials that are not accepted is counted too, by address.
            rates.count(call);
        }
    }

    private void check(Caller caller) {
        var grant = caller.grant();
        if (grant.isExpired(Instant.now())) {
            throw RpcException.expired(grant.expireTime());
        }
        authenticator.check(caller);
    }

    private void checkNotDraining() {
        if (draining) {
            throw stopping();
        }
    }

    private static void authorise(Rpc<?, ?> rpc, Caller caller) {
        var policy = rpc.contract().policy();
        if (policy.isPublic()) {
            return;
        }
        if (caller.isAnonymous()) {
            throw new RpcException(
                            Code.UNAUTHENTICATED,
                            "no credentials (expected: header authorization: Bearer <token>)")
                    .withReason("CREDENTIALS_MISSING");
        }
        if (!caller.holds(policy.scope())) {
            throw RpcException.missingScope(policy.scope());
        }
    }

    private static RpcException toRpcException(Throwable failure, Call call) {
        if (failure instanceof RpcException e) {
            return e;
        }
        return call.cancellation()
                .orElseGet(() -> Failures.toRpcException(failure, call.rpc().contract().name()));
    }

    /// Each caller gets a delay of its own, or all would come back at once.
    private static RpcException stopping() {
        var delay = ThreadLocalRandom.current().nextLong(1000, 3000);
        return RpcException.stopping(Duration.ofMillis(delay));
    }
}
