package dev.heddle.http.h2;

import dev.heddle.http.carrier.AnsweringHandler;
import dev.heddle.http.carrier.ErrorBody;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The streams of a connection, from their first frame until their handlers have returned. Each is
/// served on a thread of its own.
final class Streams {
    private static final Logger LOGGER = System.getLogger(Streams.class.getName());

    private final ConnectionWriter writer;
    private final AnsweringHandler handler;
    private final int maxConcurrent;
    private final Map<Integer, Http2Stream> all = new ConcurrentHashMap<>();
    // Of the connection's thread: those whose handlers were not started.
    private final List<Http2Stream> arrived = new ArrayList<>();
    private final RecentStreams recentlyReset = new RecentStreams();
    private final RecentStreams recentlyResetByPeer = new RecentStreams();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();

    Streams(ConnectionWriter writer, AnsweringHandler handler, int maxConcurrent) {
        this.writer = writer;
        this.handler = handler;
        this.maxConcurrent = maxConcurrent;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /// How many requests were answered in all, to their end.
    long answered() {
        return answered.get();
    }

    @Nullable Http2Stream get(int id) {
        return all.get(id);
    }

    /// Whether frames of a stream that is not known may still come.
    boolean isRecentlyReset(int id) {
        return recentlyReset.contains(id);
    }

    /// Whether the peer itself has given up a stream that is not known.
    boolean isRecentlyResetByPeer(int id) {
        return recentlyResetByPeer.contains(id);
    }

    /// Room for one more stream. Handlers of streams that were reset may still run, and the peer
    /// can't have any number of those either.
    ///
    /// @return empty if the stream was refused
    Optional<SendState> admit(int id) {
        var sending =
                running.get() + arrived.size() < 2 * maxConcurrent
                        ? writer.open(id, maxConcurrent)
                        : Optional.<SendState>empty();
        if (sending.isEmpty()) {
            recentlyReset.add(id);
            writer.control(frames -> frames.reset(id, ErrorCode.REFUSED_STREAM));
        }
        return sending;
    }

    /// Takes up a stream. It is served once its request is complete, or nothing more of it is here.
    void add(Http2Stream stream) {
        all.put(stream.id(), stream);
        if (stream.isRequestComplete()) {
            start(stream);
        } else {
            arrived.add(stream);
        }
    }

    /// Serves the streams that wait for it.
    void startArrived() {
        if (!arrived.isEmpty()) {
            arrived.forEach(this::start);
            arrived.clear();
        }
    }

    /// Takes up a stream whose request is refused.
    void refuse(Http2Stream stream, ErrorBody error) {
        all.put(stream.id(), stream);
        start(stream, () -> answer(stream, error));
    }

    /// Resets a stream for a fault of the peer, whether it is known or not.
    void reset(int id, ErrorCode code) {
        var stream = all.get(id);
        if (stream != null) {
            lose(stream, "the peer broke the protocol");
        }
        recentlyReset.add(id);
        writer.control(frames -> frames.reset(id, code));
    }

    /// Resets a stream whose frames may still be on their way.
    void reset(Http2Stream stream, ErrorCode code) {
        if (writer.reset(stream.sending(), code)) {
            recentlyReset.add(stream.id());
        }
    }

    /// Ends a stream that the peer has given up.
    void resetByPeer(Http2Stream stream) {
        recentlyResetByPeer.add(stream.id());
        stream.noteResetByPeer();
        lose(stream, "the peer has reset the stream");
    }

    private void lose(Http2Stream stream, String reason) {
        stream.lose(reason);
        if (arrived.remove(stream)) {
            stream.discardInput();
            all.remove(stream.id());
        }
    }

    /// Ends all streams, for the connection has ended.
    void loseAll() {
        arrived.clear();
        all.values().forEach(stream -> stream.lose("the connection is lost"));
    }

    /// What is sent on every stream.
    List<SendState> sending() {
        return all.values().stream().map(Http2Stream::sending).toList();
    }

    private void start(Http2Stream stream) {
        start(stream, () -> handler.handle(stream));
    }

    private void start(Http2Stream stream, Runnable answering) {
        running.incrementAndGet();
        Thread.ofVirtual()
                .name("heddle-h2-stream")
                .start(() -> {
                    try {
                        answering.run();
                    } finally {
                        end(stream);
                    }
                });
    }

    private void end(Http2Stream stream) {
        stream.peerWatch().end();
        if (!writer.isEnded(stream.sending())) {
            reset(stream, ErrorCode.INTERNAL_ERROR);
        } else {
            answered.incrementAndGet();
            if (!stream.isRequestComplete()) {
                // The answer does not depend on the rest of the request.
                reset(stream, ErrorCode.NO_ERROR);
            }
        }
        stream.discardInput();
        all.remove(stream.id());
        running.decrementAndGet();
    }

    private static void answer(Http2Stream stream, ErrorBody error) {
        try {
            stream.respond(error.status(), ErrorBody.headers(), error.toBytes());
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "an error could not be sent", e);
        }
    }
}
