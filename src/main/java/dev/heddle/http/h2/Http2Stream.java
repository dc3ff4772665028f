package dev.heddle.http.h2;

import dev.heddle.http.BodyTimeoutException;
import dev.heddle.http.BodyTooLargeException;
import dev.heddle.http.Exchange;
import dev.heddle.http.carrier.BodyPace;
import dev.heddle.http.carrier.PeerWatch;
import dev.heddle.http.carrier.Settings;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request and its response on an HTTP/2 connection. The connection's thread brings in what
/// arrives, a thread of the stream's own serves it.
final class Http2Stream implements Exchange {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Http2Connection connection;
    private final int id;
    private final RequestHead head;
    private final RequestTarget target;
    private final SendState sending;
    private final ReceiveWindow window;
    private final RequestInput input;
    private final PeerWatch peerWatch = new PeerWatch();
    private final Body body;
    private volatile @Nullable ResponseOutput output;
    // Of the connection's thread.
    private long received;
    private boolean resetByPeer;
    private volatile boolean requestComplete;

    Http2Stream(Http2Connection connection, int id, RequestHead head, SendState sending) {
        this.connection = connection;
        this.id = id;
        this.head = head;
        this.target = RequestTarget.of(head.path());
        this.sending = sending;
        var size = connection.http2().streamWindow();
        this.window = new ReceiveWindow(size);
        this.input = new RequestInput();
        this.body = new Body(connection.settings());
    }

    int id() {
        return id;
    }

    SendState sending() {
        return sending;
    }

    PeerWatch peerWatch() {
        return peerWatch;
    }

    RequestHead head() {
        return head;
    }

    /// Takes data that have arrived.
    ///
    /// @param paid how much they count for flow control
    void receive(byte[] bytes, int offset, int length, int paid) throws StreamException {
        checkNotComplete();
        if (!window.take(paid)) {
            throw new StreamException(
                    id, ErrorCode.FLOW_CONTROL_ERROR, "more data than the window allows");
        }
        received += length;
        if (head.length() != RequestHead.UNKNOWN && received > head.length()) {
            throw new StreamException(
                    id, ErrorCode.PROTOCOL_ERROR, "a body longer than content-length");
        }
        var taken = length > 0 && input.put(bytes, offset, length) ? length : 0;
        if (paid > taken) {
            used(paid - taken);
        }
    }

    /// Notes that the request is complete.
    void endRequest() throws StreamException {
        if (head.length() != RequestHead.UNKNOWN && received != head.length()) {
            throw new StreamException(
                    id, ErrorCode.PROTOCOL_ERROR, "a body shorter than content-length");
        }
        requestComplete = true;
        input.end();
    }

    /// Refuses what comes behind the end of the request.
    void checkNotComplete() throws StreamException {
        if (requestComplete) {
            throw new StreamException(id, ErrorCode.STREAM_CLOSED, "a frame behind END_STREAM");
        }
    }

    /// Refuses frames of a peer that has reset the stream itself.
    void checkNotResetByPeer() throws StreamException {
        if (resetByPeer) {
            throw new StreamException(id, ErrorCode.STREAM_CLOSED, "a frame behind RST_STREAM");
        }
    }

    /// Whether all of the request has arrived.
    boolean isRequestComplete() {
        return requestComplete;
    }

    /// Notes that the peer must not send anything more.
    void noteResetByPeer() {
        resetByPeer = true;
    }

    /// Notes that nobody is there any more to answer.
    void lose(String reason) {
        // Before the handler learns of it, or it would reset the stream itself.
        connection.writer().peerReset(sending);
        input.fail(reason);
        peerWatch.fire();
    }

    /// Drops what of the request was not read.
    void discardInput() {
        connection.used(input.discard());
    }

    private void used(int count) {
        connection.used(count);
        var update = window.giveBack(count);
        if (update > 0 && !requestComplete) {
            connection.writer().control(frames -> frames.windowUpdate(id, update));
        }
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String rawPath() {
        return target.path();
    }

    @Override
    public String rawQuery() {
        return target.query();
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public Headers headers() {
        return head.headers();
    }

    @Override
    public String peer() {
        return connection.peer();
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }

    @Override
    public Optional<X509Certificate> clientCertificate() {
        return connection.clientCertificate();
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void liftBodyBound() {
        body.bound = Long.MAX_VALUE;
    }

    @Override
    public void liftBodyPace() {
        body.pace.lift();
    }

    @Override
    public void liftBodyTimeout() {
        body.pace.lift();
        body.patience = FOREVER;
    }

    @Override
    public void onPeerGone(Runnable action) {
        peerWatch.add(action);
    }

    @Override
    public OutputStream respond(int status, Headers headers) throws IOException {
        return start(new ResponseHead(status, headers, ResponseHead.UNKNOWN));
    }

    @Override
    public void respond(int status, Headers headers, byte[] bytes) throws IOException {
        var length =
                new ResponseHead(status, headers, ResponseHead.UNKNOWN).mayHaveBody()
                        ? bytes.length
                        : ResponseHead.UNKNOWN;
        start(new ResponseHead(status, headers, length)).close(bytes);
    }

    private ResponseOutput start(ResponseHead responseHead) {
        if (output != null) {
            throw new IllegalStateException("response started before");
        }
        var hasBody = responseHead.mayHaveBody() && !head.method().equals("HEAD");
        var opened = new ResponseOutput(connection.writer(), sending, responseHead, hasBody);
        output = opened;
        return opened;
    }

    @Override
    public void trailers(Headers trailers) {
        var opened = output;
        if (opened == null) {
            throw new IllegalStateException("trailers before the response");
        }
        opened.trailers(trailers);
    }

    @Override
    public boolean isResponseStarted() {
        return output != null;
    }

    @Override
    public void releaseBody() {
        input.release();
    }

    @Override
    public void release() {
        input.release();
        connection.writer().release(sending);
    }

    @Override
    public void abort() {
        // A response that is complete is not taken back.
        if (!connection.writer().isEnded(sending)) {
            connection.reset(this, ErrorCode.INTERNAL_ERROR);
        }
        input.fail("the exchange was aborted");
    }

    /// The body of the request, no longer than allowed.
    private final class Body extends InputStream {
        private final BodyPace pace;
        private long bound;
        private Duration patience;
        private long read;
        private boolean continued;

        Body(Settings settings) {
            this.pace = new BodyPace(settings.minBodyRate());
            this.bound = settings.maxBodySize();
            this.patience = settings.bodyTimeout();
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (head.length() > bound) {
                throw new BodyTooLargeException(bound);
            }
            sendContinue();
            var count =
                    input.available() > 0
                            ? input.take(target, offset, length, patience)
                            : await(target, offset, length);
            if (count > 0) {
                read += count;
                used(count);
            }
            if (read > bound) {
                throw new BodyTooLargeException(bound);
            }
            return count;
        }

        private int await(byte[] target, int offset, int length) throws IOException {
            var pause = patience;
            var allowed = pace.patience(pause, read);
            var start = System.nanoTime();
            try {
                return input.take(target, offset, length, allowed);
            } catch (BodyTimeoutException _) {
                throw pace.timeout(pause, allowed);
            } finally {
                pace.waited(System.nanoTime() - start);
            }
        }

        @Override
        public int available() {
            return input.available();
        }

        private void sendContinue() throws IOException {
            if (!continued && output == null && !requestComplete && head.expectsContinue()) {
                connection.writer().interim(sending);
            }
            continued = true;
        }
    }
}
