package dev.heddle.facade.grpc;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// An exchange that keeps what it is answered, piece by piece.
final class RecordedExchange implements Exchange {
    private final String method;
    private final String path;
    private final String protocol;
    private final Headers headers;
    private final InputStream body;
    private final CountDownLatch released = new CountDownLatch(1);
    private Runnable onPeerGone = () -> {};

    int status;
    Headers answered = Headers.empty();
    Headers trailers = Headers.empty();
    boolean isComplete;

    /// What was written, each write by itself.
    final List<byte[]> writes = new ArrayList<>();

    int flushes;

    RecordedExchange(
            String method, String path, String protocol, Headers headers, InputStream body) {
        this.method = method;
        this.path = path;
        this.protocol = protocol;
        this.headers = headers;
        this.body = body;
    }

    /// A call of a method, with the content type of gRPC.
    static RecordedExchange call(String path, Headers headers, InputStream body) {
        var all = Headers.builder().set("content-type", "application/grpc").addAll(headers);
        return new RecordedExchange("POST", path, "HTTP/2", all.build(), body);
    }

    static RecordedExchange call(String path, byte[] body) {
        return call(path, Headers.empty(), new ByteArrayInputStream(body));
    }

    /// A body that never comes: reading it ends at [#release].
    static RecordedExchange silent(String path, Headers headers) {
        var source = new Silence();
        var exchange = call(path, headers, source);
        source.end = exchange.released;
        return exchange;
    }

    /// What the peer does that resets the stream.
    void lose() {
        onPeerGone.run();
    }

    byte[] body(int piece) {
        return writes.get(piece);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String rawPath() {
        return path;
    }

    @Override
    public String rawQuery() {
        return "";
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public String peer() {
        return "127.0.0.1:1";
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void liftBodyBound() {}

    @Override
    public void liftBodyTimeout() {}

    @Override
    public void onPeerGone(Runnable action) {
        onPeerGone = action;
    }

    @Override
    public OutputStream respond(int status, Headers headers) {
        if (isResponseStarted()) {
            throw new IllegalStateException("response started before");
        }
        this.status = status;
        this.answered = headers;
        return new Recorder();
    }

    @Override
    public void respond(int status, Headers headers, byte[] body) throws IOException {
        try (var out = respond(status, headers)) {
            out.write(body);
        }
    }

    @Override
    public void trailers(Headers trailers) {
        this.trailers = trailers;
    }

    @Override
    public boolean isResponseStarted() {
        return status != 0;
    }

    @Override
    public void release() {
        released.countDown();
    }

    @Override
    public void abort() {
        throw new IllegalStateException("aborted");
    }

    private static final class Silence extends InputStream {
        private CountDownLatch end = new CountDownLatch(0);

        @Override
        public int read() throws IOException {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError("an interrupt where the call is shielded", e);
            }
            throw new InterruptedIOException("released");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }
    }

    private final class Recorder extends OutputStream {
        @Override
        public void write(int b) {
            throw new IllegalStateException("a byte by itself");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            var piece = new ByteArrayOutputStream();
            piece.write(bytes, offset, length);
            writes.add(piece.toByteArray());
        }

        @Override
        public void flush() {
            flushes++;
        }

        @Override
        public void close() {
            isComplete = true;
        }
    }
}
