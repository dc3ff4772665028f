package dev.heddle.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.RawHttp2;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// What RFC 9113 lets a server send, given what its client has sent. It knows nothing of the
/// engine.
final class ConnectionModel {
    private final Map<Integer, ModelStream> streams = new LinkedHashMap<>();
    private final DefaultHttp2HeadersDecoder decoder =
            new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final Deque<SentSettings> unacknowledged = new ArrayDeque<>();
    private final Deque<Long> pings = new ArrayDeque<>();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private Optional<RawHttp2.Frame> blockHead = Optional.empty();
    private Optional<RawHttp2.Frame> goAway = Optional.empty();
    private boolean greeted;
    private int highestId;
    private int initialWindow = Frame.DEFAULT_WINDOW;
    private long tableSize = 4096;
    private long credit = Frame.DEFAULT_WINDOW;
    private long received;
    private long window = Frame.DEFAULT_WINDOW;

    /// Settings of the client that the server has not acknowledged.
    ///
    /// @param tableSize of HPACK, as the server may use it
    record SentSettings(OptionalInt window, OptionalInt tableSize) {}

    // What the client does.

    ModelStream open(int id, ModelStream.Path path) {
        highestId = id;
        var stream = new ModelStream(id, path);
        streams.put(id, stream);
        return stream;
    }

    /// Notes an id that the client has used for a request that can't be served.
    void burn(int id) {
        highestId = id;
    }

    Collection<ModelStream> streams() {
        return streams.values();
    }

    int highestId() {
        return highestId;
    }

    /// How much data the client may send on a stream.
    int room(ModelStream stream) {
        return (int) Math.min(stream.window, window);
    }

    void sent(ModelStream stream, int paid) {
        stream.window -= paid;
        window -= paid;
    }

    long window() {
        return window;
    }

    void grant(long increment) {
        credit += increment;
    }

    boolean isSettled() {
        return unacknowledged.isEmpty();
    }

    void settings(OptionalInt newWindow, OptionalInt newTableSize) {
        unacknowledged.add(new SentSettings(newWindow, newTableSize));
        newTableSize.ifPresent(size -> {
            if (size > tableSize) {
                tableSize(size);
            }
        });
    }

    void ping(long payload) {
        pings.add(payload);
    }

    boolean arePingsAnswered() {
        return pings.isEmpty();
    }

    Optional<RawHttp2.Frame> goAway() {
        return goAway;
    }

    // What the server does.

    void receive(RawHttp2.Frame frame) {
        assertThat(frame.payload().length).as("size of %s", frame).isLessThanOrEqualTo(16_384);
        if (goAway.isPresent()) {
            // What was on its way to others.
            return;
        }
        if (!greeted) {
            assertThat(frame.is(RawHttp2.SETTINGS) && !frame.has(RawHttp2.ACK))
                    .as("%s is SETTINGS", frame)
                    .isTrue();
            greeted = true;
            return;
        }
        if (blockHead.isPresent()) {
            assertThat(frame.type()).as("%s", frame).isEqualTo(RawHttp2.CONTINUATION);
            assertThat(frame.stream()).as("%s", frame).isEqualTo(blockHead.get().stream());
        }
        switch (frame.type()) {
            case RawHttp2.DATA -> data(frame);
            case RawHttp2.HEADERS -> {
                blockHead = Optional.of(frame);
                block.reset();
                fragment(frame);
            }
            case RawHttp2.CONTINUATION -> fragment(frame);
            case RawHttp2.RST_STREAM -> {
                var stream = stream(frame);
                if (!stream.resetByClient) {
                    stream.checkReset(frame.errorCode());
                }
                stream.resetByServer = Optional.of(frame.errorCode());
            }
            case RawHttp2.SETTINGS -> acknowledged(frame);
            case RawHttp2.PING -> {
                assertThat(frame.has(RawHttp2.ACK)).as("%s is an answer", frame).isTrue();
                var payload = ((long) frame.word(0) << 32) | (frame.word(4) & 0xffff_ffffL);
                assertThat(payload).isEqualTo(pings.poll());
            }
            case RawHttp2.GOAWAY -> goAway = Optional.of(frame);
            case RawHttp2.WINDOW_UPDATE -> windowUpdate(frame);
            default -> throw new AssertionError("the server sent " + frame);
        }
    }

    private ModelStream stream(RawHttp2.Frame frame) {
        return Optional.ofNullable(streams.get(frame.stream()))
                .orElseThrow(() -> new AssertionError("of no stream: " + frame));
    }

    private ModelStream answered(RawHttp2.Frame frame) {
        var stream = stream(frame);
        assertThat(stream.answered).as("%s behind the end of %s", frame, stream).isFalse();
        assertThat(stream.resetByServer).as("%s behind the reset of %s", frame, stream).isEmpty();
        return stream;
    }

    private void data(RawHttp2.Frame frame) {
        var stream = answered(frame);
        assertThat(stream.status).as("%s before HEADERS of %s", frame, stream).isNotZero();
        stream.received.writeBytes(frame.payload());
        received += frame.payload().length;
        if (frame.payload().length > 0) {
            assertThat(received).as("data of the connection").isLessThanOrEqualTo(credit);
            assertThat((long) stream.received.size())
                    .as("data of %s", stream)
                    .isLessThanOrEqualTo(largestWindow() + stream.credit);
        }
        stream.answered = frame.has(RawHttp2.END_STREAM);
    }

    /// The server may have taken up what it has not acknowledged yet.
    private long largestWindow() {
        return IntStream.concat(
                        IntStream.of(initialWindow),
                        unacknowledged.stream().flatMapToInt(s -> s.window().stream()))
                .max()
                .orElseThrow();
    }

    private void fragment(RawHttp2.Frame frame) {
        block.writeBytes(frame.payload());
        if (frame.has(RawHttp2.END_HEADERS)) {
            var head = blockHead.orElseThrow();
            blockHead = Optional.empty();
            headers(answered(head), decode(), head.has(RawHttp2.END_STREAM));
        }
    }

    private static void headers(ModelStream stream, Http2Headers fields, boolean last) {
        var status = fields.status();
        if (stream.status == 0) {
            assertThat(status).as("status of %s", stream).isNotNull();
            stream.status = Integer.parseInt(status.toString());
        } else {
            assertThat(status).as("status in trailers of %s", stream).isNull();
            assertThat(last).as("trailers end %s", stream).isTrue();
        }
        stream.answered = last;
    }

    private Http2Headers decode() {
        try {
            return decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block.toByteArray()));
        } catch (Http2Exception e) {
            throw new AssertionError("the header block can't be decoded", e);
        }
    }

    private void acknowledged(RawHttp2.Frame frame) {
        assertThat(frame.has(RawHttp2.ACK)).as("%s is an answer", frame).isTrue();
        assertThat(unacknowledged).as("settings that %s may answer", frame).isNotEmpty();
        var settings = unacknowledged.remove();
        settings.window().ifPresent(size -> initialWindow = size);
        settings.tableSize().ifPresent(this::tableSize);
    }

    private void tableSize(long size) {
        tableSize = size;
        try {
            decoder.configuration().maxHeaderTableSize(size);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void windowUpdate(RawHttp2.Frame frame) {
        var increment = frame.word(0);
        assertThat(increment).as("%s", frame).isPositive();
        if (frame.stream() == 0) {
            window += increment;
            assertThat(window).isLessThanOrEqualTo(Integer.MAX_VALUE);
        } else {
            var stream = stream(frame);
            stream.window += increment;
            assertThat(stream.window).as("window of %s", stream).isPositive();
        }
    }
}
