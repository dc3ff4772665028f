package dev.heddle.testing;

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
public final class RecordedExchange implements Exchange {
    private final String method;
    private final String target;
    private final String protocol;
    private final Headers headers;
    private final InputStream body;
    private final CountDownLatch released = new CountDownLatch(1);
    private Runnable onPeerGone = () -> {};

    public int status;
    public Headers answered = Headers.empty();
    public Headers trailers = Headers.empty();
    public boolean isComplete;
    public boolean isSecure;

    /// What was written, each write by itself.
    public final List<byte[]> writes = new ArrayList<>();

    public int flushes;

    /// @param target path and query
    public RecordedExchange(
            String method, String target, String protocol, Headers headers, InputStream body) {
        this.method = method;
        this.target = target;
        this.protocol = protocol;
        this.headers = headers;
        this.body = body;
    }

    /// A call of a method, with the content type of gRPC if there is no other.
    public static RecordedExchange call(String path, Headers headers, InputStream body) {
        var all = Headers.builder().addAll(headers);
        if (!headers.contains("content-type")) {
            all.set("content-type", "application/grpc");
        }
        return new RecordedExchange("POST", path, "HTTP/2", all.build(), body);
    }

    public static RecordedExchange call(String path, byte[] body) {
        return call(path, Headers.empty(), new ByteArrayInputStream(body));
    }

    /// A body that never comes: reading it ends at [#release].
    public static RecordedExchange silent(String path, Headers headers) {
        var source = new Silence();
        var exchange = call(path, headers, source);
        source.end = exchange.released;
        return exchange;
    }

    /// What the peer does that resets the stream.
    public void lose() {
        onPeerGone.run();
    }

    /// All that was written.
    public byte[] written() {
        var all = new ByteArrayOutputStream();
        writes.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /// One write of many.
    public byte[] written(int piece) {
        return writes.get(piece);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String rawPath() {
        return target.split("\\?", 2)[0];
    }

    @Override
    public String rawQuery() {
        var question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
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
    public boolean isSecure() {
        return isSecure;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void liftBodyBound() {}

    @Override
    public void liftBodyPace() {}

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
    public void releaseBody() {
        // what it has is here, or never comes
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
