package dev.heddle.facade.grpc.helidon;

import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2Flag.DataFlags;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector.SubProtocolHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One stream: Helidon's handler of it, given whole messages, and kept until both sides have ended.
///
/// Helidon runs a thread for each stream, which takes its frames one by one. Left to itself, that
/// thread waits for ever once a stream is reset, and goes away when the answer is complete, upon
/// which further frames of the caller block the connection. Here it stays as long as the caller
/// sends, drops what comes too late, and is woken at a reset.
final class HelidonStream implements SubProtocolHandler, GrpcTransport {
    private static final Logger LOGGER = System.getLogger(HelidonStream.class.getName());
    private static final ScopedValue<HelidonStream> CURRENT = ScopedValue.newInstance();

    /// How long a thread that has nothing to receive after a reset is certainly waiting: an
    /// interrupt must not meet it in returning window to the caller.
    private static final long WAKE_AFTER_MILLIS = 100;

    private final int id;
    private final WatchedContext connection;
    private final SubProtocolHandler stock;
    private final HelidonWriter writer;
    private final Headers headers;
    private final MessageFrames frames;
    private Optional<RpcException> failure = Optional.empty();
    private volatile ServerCall.@Nullable Listener<?> listener;
    private Thread receiver = Thread.currentThread();
    private boolean receiving;
    private long receivedNanos;
    private boolean started;
    private boolean reset;
    private boolean answered;
    private boolean callerEnded;
    private boolean woken;

    HelidonStream(
            int id,
            WatchedContext connection,
            SubProtocolHandler stock,
            HelidonWriter writer,
            Headers headers,
            MessageSettings settings) {
        this.id = id;
        this.connection = connection;
        this.stock = stock;
        this.writer = writer;
        this.headers = headers;
        this.frames = new MessageFrames(settings);
    }

    /// The stream whose call is being started on the current thread.
    static Optional<HelidonStream> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    int id() {
        return id;
    }

    Headers headers() {
        return headers;
    }

    HelidonWriter writer() {
        return writer;
    }

    SocketAddress peer() {
        return connection.remotePeer().address();
    }

    void listenWith(ServerCall.Listener<?> listener) {
        this.listener = listener;
    }

    @Override
    public void init() {
        startReceiving();
        if (isListening()) {
            connection.add(this);
        }
        if (isListening()) {
            open();
        }
        if (start()) {
            cancel();
        }
    }

    @Override
    public void data(Http2FrameHeader header, @Nullable BufferData data) {
        startReceiving();
        try {
            var last = header.flags(Http2FrameTypes.DATA).endOfStream();
            receive(data == null ? BufferData.EMPTY_BYTES : data.readBytes(), last);
            if (last) {
                awaitAnswer();
            }
        } finally {
            endReceiving();
        }
    }

    @Override
    public void rstStream(Http2RstStream frame) {
        abandon();
    }

    @Override
    public void windowUpdate(Http2WindowUpdate update) {
        stock.windowUpdate(update);
    }

    @Override
    public synchronized Http2StreamState streamState() {
        if (woken || ((answered || reset) && callerEnded)) {
            return Http2StreamState.CLOSED;
        }
        return callerEnded ? Http2StreamState.HALF_CLOSED_REMOTE : Http2StreamState.OPEN;
    }

    @Override
    public void interrupt(Thread sender) {
        connection.interrupt(sender);
    }

    @Override
    public synchronized Optional<RpcException> failure() {
        if (!reset && failure.isEmpty()) {
            failure =
                    Optional.of(
                            new RpcException(
                                    Code.INTERNAL,
                                    "a request message can't be read (expected: as grpc-encoding says)"));
        }
        return reset ? Optional.empty() : failure;
    }

    /// Tells the call that its caller has gone.
    void abandon() {
        synchronized (this) {
            if (reset) {
                return;
            }
            reset = true;
            notifyAll();
            if (started && !answered) {
                cancel();
            }
        }
        connection.remove(this);
        wakeLater();
    }

    /// States that the status was sent.
    void answered() {
        synchronized (this) {
            answered = true;
            notifyAll();
        }
        removeIfClosed();
    }

    private void open() {
        try {
            ScopedValue.where(CURRENT, this).run(stock::init);
        } catch (RuntimeException e) {
            refuse(e);
        }
        if (writer.hasEnded()) {
            answered();
        }
    }

    private void receive(byte[] bytes, boolean last) {
        try {
            if (isListening()) {
                frames.add(bytes, this::deliver);
            }
            if (last && isListening()) {
                checkWhole();
                stock.data(frameHeader(0, Http2Flag.END_OF_STREAM), BufferData.empty());
            }
        } catch (RpcException e) {
            fail(e);
        }
    }

    private void deliver(byte[] message) {
        if (isListening()) {
            stock.data(frameHeader(message.length, 0), BufferData.create(message));
        }
    }

    private void checkWhole() {
        if (frames.isWithinMessage()) {
            throw new RpcException(Code.INTERNAL, "the request ends within a message");
        }
    }

    private synchronized void fail(RpcException reason) {
        failure = Optional.of(reason);
        cancel();
    }

    private void refuse(RuntimeException cause) {
        if (!writer.hasEnded()) {
            LOGGER.log(Level.ERROR, "a call can't be started", cause);
            writer.refuse(Status.INTERNAL.withDescription("the call can't be started"));
        }
    }

    private void cancel() {
        if (listener != null) {
            listener.onCancel();
        }
    }

    private synchronized boolean isListening() {
        return !reset && !answered && failure.isEmpty();
    }

    /// @return whether the caller had gone before
    private synchronized boolean start() {
        started = true;
        receiving = false;
        receivedNanos = System.nanoTime();
        return reset && !answered;
    }

    private synchronized void startReceiving() {
        receiver = Thread.currentThread();
        receiving = true;
    }

    private void endReceiving() {
        synchronized (this) {
            receiving = false;
            receivedNanos = System.nanoTime();
        }
        removeIfClosed();
    }

    /// Keeps Helidon from forgetting the stream while its answer is on the way.
    private synchronized void awaitAnswer() {
        callerEnded = true;
        try {
            while (!answered && !reset) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void removeIfClosed() {
        if (streamState() == Http2StreamState.CLOSED) {
            connection.remove(this);
        }
    }

    private void wakeLater() {
        CompletableFuture.delayedExecutor(WAKE_AFTER_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(this::wake);
    }

    /// Ends the thread's wait for frames once it has taken all that came before the reset, for what
    /// it does not take is lost to the window of the connection.
    private synchronized void wake() {
        var idleMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - receivedNanos);
        if (!receiving && idleMillis >= WAKE_AFTER_MILLIS) {
            woken = true;
            receiver.interrupt();
        } else if (receiver.isAlive()) {
            wakeLater();
        }
    }

    private static Http2FrameHeader frameHeader(int length, int flags) {
        return Http2FrameHeader.create(length, Http2FrameTypes.DATA, DataFlags.create(flags), 0);
    }
}
