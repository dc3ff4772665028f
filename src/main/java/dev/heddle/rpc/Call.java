package dev.heddle.rpc;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Optional;

/// One call, from its arrival to its last byte: who makes it, how long it may take, and whether
/// anybody still waits.
///
/// A call ends early when its deadline passes, its caller goes away or the gateway stops: it is
/// then cancelled like any [Task], and every later `send` and `next` throws.
public final class Call extends Task {
    private final Rpc<?, ?> rpc;
    private final Origin origin;
    private final long startNanos = System.nanoTime();
    private final Headers.Builder responseHeaders = Headers.builder();
    private final Headers.Builder responseTrailers = Headers.builder();
    private final Actions drainActions = new Actions();
    private volatile Caller caller = Caller.ANONYMOUS;

    /// What a facade knows of a call when it arrives.
    ///
    /// @param framing how it came, such as `grpc` or `json`: a value for metrics and logs
    /// @param credentials its header fields or metadata, and what else tells who makes it
    /// @param peer the address that it came from
    /// @param timeout the time that the caller gives it
    /// @param admitted who makes it, where [Pipeline#admit] has told that already
    public record Origin(
            String framing,
            Credentials credentials,
            String peer,
            Optional<Duration> timeout,
            Optional<Caller> admitted) {
        public Origin(
                String framing, Credentials credentials, String peer, Optional<Duration> timeout) {
            this(framing, credentials, peer, timeout, Optional.empty());
        }

        public Origin(String framing, Headers headers, String peer, Optional<Duration> timeout) {
            this(framing, Credentials.of(headers), peer, timeout);
        }

        public Headers headers() {
            return credentials.headers();
        }
    }

    Call(Rpc<?, ?> rpc, Origin origin) {
        this.rpc = rpc;
        this.origin = origin;
    }

    @Override
    public Optional<Call> call() {
        return Optional.of(this);
    }

    public Rpc<?, ?> rpc() {
        return rpc;
    }

    public Caller caller() {
        return caller;
    }

    public Headers headers() {
        return origin.headers();
    }

    public String framing() {
        return origin.framing();
    }

    public String peer() {
        return origin.peer();
    }

    /// The header fields of the answer; what is added after the first message was sent is lost.
    public Headers.Builder responseHeaders() {
        return responseHeaders;
    }

    /// The trailers of the answer, for framings that have them.
    public Headers.Builder responseTrailers() {
        return responseTrailers;
    }

    /// The time since the call arrived.
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /// Has an action run, once, on a thread of its own, when the gateway begins to stop: at once if
    /// it has begun. A stream that has such an action gets a moment to end by itself, with a
    /// message that says goodbye or a failure of its own, before it is cancelled
    /// ([Pipeline#drain]); one that has none is cancelled without delay.
    ///
    /// @return takes the action back if it has not begun
    public Registration onDrain(Runnable action) {
        return drainActions.add(action);
    }

    /// Tells the call that the gateway stops.
    ///
    /// @return whether it wants to know
    boolean drain() {
        return drainActions.fire();
    }

    /// Cancels the call because its caller has gone.
    public void cancelByCaller() {
        cancel(new RpcException(Code.CANCELLED, "the caller has gone"));
    }

    Origin origin() {
        return origin;
    }

    void authenticatedAs(Caller caller) {
        this.caller = caller;
    }
}
