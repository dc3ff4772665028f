package dev.heddle.http.h2;

import dev.heddle.http.carrier.Characters;
import dev.heddle.http.carrier.ErrorBody;
import dev.heddle.http.carrier.Http2Upgrade;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks what arrives on a connection by the rules of RFC 9113, frame by frame, and hands it to
/// the streams. Of the connection's thread.
final class FrameDispatcher {
    private static final int FIRST_STREAM = 1;
    private static final int PRIORITY_SIZE = 5;
    private static final int SETTING_SIZE = 6;
    private static final int MAX_FRAME_SIZE = (1 << 24) - 1;

    /// A peer that updates a window by less makes us send data in crumbs.
    private static final int SMALL_UPDATE = 256;

    private final Http2Connection connection;
    private final FrameReader frames;
    private final Streams streams;
    private final Lifetime life;
    private final ConnectionWriter writer;
    private final PeerLimits limits;
    private final HeaderDecoder decoder;
    private final HeaderBlock block;
    private int lastStreamId;

    FrameDispatcher(
            Http2Connection connection, FrameReader frames, Streams streams, Lifetime life) {
        this.connection = connection;
        this.frames = frames;
        this.streams = streams;
        this.life = life;
        this.writer = connection.writer();
        this.limits = new PeerLimits(connection.http2(), streams::answered, writer::dataSent);
        var maxHeaderSize = connection.settings().maxHeaderSize();
        this.decoder = new HeaderDecoder(maxHeaderSize);
        this.block = new HeaderBlock(maxHeaderSize);
    }

    /// Since when a header block is not complete. For any thread.
    ///
    /// @return a [System#nanoTime], [Long#MAX_VALUE] if there is none
    long headersSince() {
        return block.openSince();
    }

    /// Takes up the request of a peer that began with HTTP/1.1, as the first stream.
    ///
    /// @throws ConnectionException if its settings are wrong
    void takeUp(Http2Upgrade upgrade) throws ConnectionException {
        for (var setting : upgrade.settings()) {
            setting(setting.id(), setting.value());
        }
        lastStreamId = FIRST_STREAM;
        life.opened(FIRST_STREAM);
        block.begin(FIRST_STREAM, true, false);
        try {
            request(RequestHead.of(upgrade));
        } catch (StreamException e) {
            streams.reset(e.streamId(), e.code());
        }
    }

    /// Returns when the peer has closed the connection.
    ///
    /// @throws ConnectionException if the connection can't go on
    void run() throws ConnectionException {
        if (!nextFrame()) {
            return;
        }
        if (frames.type() != Frame.SETTINGS || frames.has(Frame.ACK)) {
            throw protocolError("the first frame is not SETTINGS");
        }
        do {
            life.received();
            try {
                dispatch();
            } catch (StreamException e) {
                limits.reset();
                streams.reset(e.streamId(), e.code());
            }
        } while (nextFrame());
    }

    private boolean nextFrame() throws ConnectionException {
        if (!frames.isReady()) {
            streams.startArrived();
        }
        return frames.next();
    }

    private void dispatch() throws ConnectionException, StreamException {
        var type = frames.type();
        if (block.isOpen()
                && (type != Frame.CONTINUATION || frames.streamId() != block.streamId())) {
            throw protocolError("a header block that is interrupted");
        }
        switch (type) {
            case Frame.DATA -> data();
            case Frame.HEADERS -> headers();
            case Frame.CONTINUATION -> continuation();
            case Frame.RST_STREAM -> rstStream();
            case Frame.WINDOW_UPDATE -> windowUpdate();
            case Frame.SETTINGS -> settings();
            case Frame.PING -> ping();
            case Frame.PRIORITY -> priority();
            case Frame.GOAWAY -> {
                checkOnConnection();
                checkLength(frames.length() >= 8);
                limits.controlFrame();
            }
            case Frame.PUSH_PROMISE -> throw protocolError("PUSH_PROMISE from a client");
            default -> limits.controlFrame();
        }
    }

    private void data() throws ConnectionException, StreamException {
        checkOnStream();
        var id = frames.streamId();
        var size = frames.length();
        if (!connection.window().take(size)) {
            throw new ConnectionException(
                    ErrorCode.FLOW_CONTROL_ERROR, "more data than the connection's window allows");
        }
        var length = size - padding();
        var isLast = frames.has(Frame.END_STREAM);
        if (length == 0 && !isLast) {
            limits.controlFrame();
        }
        var stream = open(id);
        if (stream == null) {
            connection.used(size);
            checkLate("DATA");
            return;
        }
        if (writer.isReset(stream.sending())) {
            connection.used(size);
            stream.checkNotResetByPeer();
            return;
        }
        try {
            stream.receive(frames.bytes(), payload(), length, size);
        } catch (StreamException e) {
            // The other streams have to get by with the same window.
            connection.used(size);
            throw e;
        }
        if (isLast) {
            stream.endRequest();
        }
    }

    private void headers() throws ConnectionException, StreamException {
        var id = frames.streamId();
        if (id % 2 == 0) {
            throw protocolError("HEADERS on stream %d".formatted(id));
        }
        var isPrioritized = frames.has(Frame.PRIORITIZED);
        var priority = isPrioritized ? PRIORITY_SIZE : 0;
        checkLength(frames.length() >= priority + (frames.has(Frame.PADDED) ? 1 : 0));
        var length = frames.length() - padding() - priority;
        if (length < 0) {
            throw protocolError("HEADERS shorter than their padding");
        }
        var parent = isPrioritized ? frames.wordAt(payload() - frames.offset()) : 0;
        var offset = payload() + priority;
        block.begin(
                id,
                frames.has(Frame.END_STREAM),
                isPrioritized && (parent & Integer.MAX_VALUE) == id);
        if (frames.has(Frame.END_HEADERS)) {
            headerBlock(frames.bytes(), offset, length);
        } else {
            block.open();
            block.append(frames.bytes(), offset, length);
        }
    }

    private void continuation() throws ConnectionException, StreamException {
        if (!block.isOpen()) {
            throw protocolError("CONTINUATION without HEADERS");
        }
        if (frames.length() == 0) {
            limits.controlFrame();
        }
        block.append(frames.bytes(), frames.offset(), frames.length());
        if (frames.has(Frame.END_HEADERS)) {
            block.end();
            headerBlock(block.bytes(), 0, block.size());
        }
    }

    private void headerBlock(byte[] bytes, int offset, int length)
            throws ConnectionException, StreamException {
        var id = block.streamId();
        var isNew = id > lastStreamId;
        if (isNew) {
            lastStreamId = id;
            life.opened(id);
        }
        try {
            var fields = decoder.decode(id, bytes, offset, length);
            if (block.dependsOnItself()) {
                throw new StreamException(
                        id, ErrorCode.PROTOCOL_ERROR, "a stream that depends on itself");
            }
            if (isNew) {
                request(RequestHead.of(id, fields));
            } else {
                trailers(fields);
            }
        } catch (HeaderDecoder.TooLargeException _) {
            if (!isNew) {
                throw new StreamException(id, ErrorCode.ENHANCE_YOUR_CALM, "trailers too large");
            }
            refuse(RequestHead.REFUSED, new ErrorBody(431, "the header fields are too large"));
        }
    }

    private void trailers(HeaderFields fields) throws ConnectionException, StreamException {
        var id = block.streamId();
        var stream = open(id);
        if (stream == null) {
            checkLate("HEADERS");
            return;
        }
        if (writer.isReset(stream.sending())) {
            stream.checkNotResetByPeer();
            return;
        }
        stream.checkNotComplete();
        if (!block.endsStream()) {
            throw new StreamException(
                    id, ErrorCode.PROTOCOL_ERROR, "trailers that do not end the stream");
        }
        RequestHead.checkTrailers(id, fields);
        stream.endRequest();
    }

    private void request(RequestHead head) throws ConnectionException, StreamException {
        if (block.endsStream() && head.length() > 0) {
            throw new StreamException(
                    block.streamId(), ErrorCode.PROTOCOL_ERROR, "no body despite content-length");
        }
        var refusal = refusalOf(head);
        if (refusal.isPresent()) {
            refuse(head, refusal.get());
            return;
        }
        var stream = admit(head);
        if (stream.isPresent()) {
            streams.add(stream.get());
        }
    }

    private void refuse(RequestHead head, ErrorBody error)
            throws ConnectionException, StreamException {
        var stream = admit(head);
        if (stream.isPresent()) {
            streams.refuse(stream.get(), error);
        }
    }

    private Optional<Http2Stream> admit(RequestHead head)
            throws ConnectionException, StreamException {
        var id = block.streamId();
        if (!life.serves(id)) {
            return Optional.empty();
        }
        var sending = streams.admit(id);
        if (sending.isEmpty()) {
            limits.reset();
            return Optional.empty();
        }
        var stream = new Http2Stream(connection, id, head, sending.get());
        if (block.endsStream()) {
            stream.endRequest();
        }
        return Optional.of(stream);
    }

    private Optional<ErrorBody> refusalOf(RequestHead head) {
        var path = head.path();
        if (path.length() > connection.settings().maxPrologueSize()) {
            return Optional.of(new ErrorBody(414, "the path is too long"));
        }
        if (!Characters.isVisible(path) || path.indexOf('#') >= 0) {
            return Optional.of(
                    new ErrorBody(400, "the target holds a character that has to be escaped"));
        }
        if (!path.startsWith("/") && !(path.equals("*") && head.method().equals("OPTIONS"))) {
            return Optional.of(new ErrorBody(400, "the target does not begin with a slash"));
        }
        return Optional.empty();
    }

    private void rstStream() throws ConnectionException {
        checkOnStream();
        checkLength(frames.length() == 4);
        var stream = streams.get(frames.streamId());
        if (stream == null) {
            limits.controlFrame();
            return;
        }
        // Some clients reset a stream again for each frame that was on its way to them.
        if (writer.isOver(stream.sending())) {
            limits.controlFrame();
        } else {
            limits.reset();
        }
        streams.resetByPeer(stream);
    }

    private void windowUpdate() throws ConnectionException, StreamException {
        checkLength(frames.length() == 4);
        var id = frames.streamId();
        var increment = frames.wordAt(0) & Integer.MAX_VALUE;
        if (increment < SMALL_UPDATE) {
            limits.controlFrame();
        }
        if (id == 0) {
            if (increment == 0) {
                throw protocolError("WINDOW_UPDATE by nothing");
            }
            if (!writer.openWindow(increment)) {
                throw new ConnectionException(
                        ErrorCode.FLOW_CONTROL_ERROR, "the connection's window is too large");
            }
            return;
        }
        checkOnStream();
        var stream = streams.get(id);
        if (stream == null || writer.isReset(stream.sending())) {
            return;
        }
        if (increment == 0) {
            throw new StreamException(id, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE by nothing");
        }
        if (!writer.openWindow(stream.sending(), increment)) {
            throw new StreamException(
                    id, ErrorCode.FLOW_CONTROL_ERROR, "the stream's window is too large");
        }
    }

    private void settings() throws ConnectionException {
        checkOnConnection();
        limits.controlFrame();
        if (frames.has(Frame.ACK)) {
            checkLength(frames.length() == 0);
            return;
        }
        checkLength(frames.length() % SETTING_SIZE == 0);
        for (var i = 0; i < frames.length(); i += SETTING_SIZE) {
            // One frame has room for thousands, each of which may concern every stream.
            limits.controlFrame();
            setting(frames.shortAt(i), frames.wordAt(i + 2) & 0xffff_ffffL);
        }
        life.settled();
        control(FrameBuffer::settingsAck);
    }

    private void setting(int id, long value) throws ConnectionException {
        switch (id) {
            case Frame.SETTINGS_HEADER_TABLE_SIZE -> writer.headerTableSize(value);
            case Frame.SETTINGS_ENABLE_PUSH -> checkSetting("ENABLE_PUSH", value, 0, 1);
            case Frame.SETTINGS_MAX_FRAME_SIZE ->
                    checkSetting("MAX_FRAME_SIZE", value, Frame.DEFAULT_MAX_SIZE, MAX_FRAME_SIZE);
            case Frame.SETTINGS_INITIAL_WINDOW_SIZE -> {
                if (value > Integer.MAX_VALUE
                        || !writer.initialWindow((int) value, streams.sending())) {
                    throw new ConnectionException(
                            ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE is too large");
                }
            }
            default -> {
                // MAX_CONCURRENT_STREAMS bounds what a server pushes, MAX_HEADER_LIST_SIZE is
                // advice, and what is unknown has to be passed over.
            }
        }
    }

    private static void checkSetting(String name, long value, long min, long max)
            throws ConnectionException {
        if (value < min || value > max) {
            throw protocolError("%s: %d (expected: %d to %d)".formatted(name, value, min, max));
        }
    }

    private void ping() throws ConnectionException {
        checkOnConnection();
        checkLength(frames.length() == 8);
        limits.controlFrame();
        var high = frames.wordAt(0);
        var low = frames.wordAt(4);
        if (frames.has(Frame.ACK)) {
            life.pong(high);
            return;
        }
        control(out -> out.ping(high, low, true));
    }

    private void priority() throws ConnectionException, StreamException {
        var id = frames.streamId();
        if (id == 0 || (frames.length() >= 4 && (frames.wordAt(0) & Integer.MAX_VALUE) == id)) {
            throw protocolError("PRIORITY of the connection, or of a stream over itself");
        }
        limits.controlFrame();
        if (frames.length() != PRIORITY_SIZE) {
            // A stream that is idle can't be reset.
            checkLength(id % 2 != 0 && id <= lastStreamId);
            throw new StreamException(id, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of wrong length");
        }
    }

    private void control(ConnectionWriter.Control control) throws ConnectionException {
        if (!writer.control(control)) {
            throw new ConnectionException(
                    ErrorCode.ENHANCE_YOUR_CALM, "the peer does not read what it asks for");
        }
    }

    /// A stream that is not closed; one whose handler has yet to return may be.
    private @Nullable Http2Stream open(int id) {
        var stream = streams.get(id);
        var isClosed =
                stream != null && stream.isRequestComplete() && writer.isEnded(stream.sending());
        return isClosed ? null : stream;
    }

    /// Frames of a stream that is not open are fine if it was reset, or was never taken up.
    private void checkLate(String what) throws ConnectionException, StreamException {
        var id = frames.streamId();
        if (streams.isRecentlyResetByPeer(id)) {
            throw new StreamException(
                    id, ErrorCode.STREAM_CLOSED, "%s behind RST_STREAM".formatted(what));
        }
        if (!streams.isRecentlyReset(id) && life.serves(id)) {
            throw new ConnectionException(
                    ErrorCode.STREAM_CLOSED, "%s on a stream that is closed".formatted(what));
        }
    }

    private void checkOnConnection() throws ConnectionException {
        if (frames.streamId() != 0) {
            throw protocolError("a frame of the connection on a stream");
        }
    }

    private void checkOnStream() throws ConnectionException {
        var id = frames.streamId();
        if (id == 0 || id % 2 == 0 || id > lastStreamId) {
            throw protocolError("a frame on stream %d, which is idle".formatted(id));
        }
    }

    private static void checkLength(boolean isFine) throws ConnectionException {
        if (!isFine) {
            throw new ConnectionException(
                    ErrorCode.FRAME_SIZE_ERROR, "a frame of a length that its type can't have");
        }
    }

    /// How many bytes of the payload are padding, its length included.
    private int padding() throws ConnectionException {
        if (!frames.has(Frame.PADDED)) {
            return 0;
        }
        if (frames.length() == 0) {
            checkLength(false);
        }
        var padding = frames.byteAt(0) + 1;
        if (padding > frames.length()) {
            throw protocolError("more padding than payload");
        }
        return padding;
    }

    /// Where the payload begins, behind the length of its padding.
    private int payload() {
        return frames.offset() + (frames.has(Frame.PADDED) ? 1 : 0);
    }

    private static ConnectionException protocolError(String message) {
        return new ConnectionException(ErrorCode.PROTOCOL_ERROR, message);
    }
}
