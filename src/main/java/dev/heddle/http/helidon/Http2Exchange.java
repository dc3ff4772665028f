package dev.heddle.http.helidon;

import dev.heddle.http.BodyReleasedException;
import dev.heddle.http.BodyTooLargeException;
import dev.heddle.http.Exchange;
import dev.heddle.http.carrier.AnsweringHandler;
import dev.heddle.http.carrier.PeerCertificate;
import dev.heddle.http.carrier.PeerWatch;
import dev.heddle.http.carrier.Settings;
import dev.heddle.rpc.Headers;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// One stream of Helidon's HTTP/2. It learns that the peer has gone by a write that fails, and has
/// no bound on the time that a body may pause.
final class Http2Exchange implements Exchange {
    private static final byte[] NOTHING = new byte[0];
    private static final int BUFFER_SIZE = 16 * 1024;

    private final ServerRequest request;
    private final ServerResponse response;
    private final Headers headers;
    private final BoundedBody body;
    private final PeerWatch peerWatch = new PeerWatch();
    private boolean started;
    private boolean open;
    private volatile boolean aborted;

    private Http2Exchange(ServerRequest request, ServerResponse response, Settings settings) {
        this.request = request;
        this.response = response;
        this.headers = headers(request);
        this.body = new BoundedBody(request.content().inputStream(), settings.maxBodySize());
    }

    /// Has a handler answer a request on the current thread.
    static void serve(
            ServerRequest request,
            ServerResponse response,
            Settings settings,
            AnsweringHandler handler) {
        var exchange = new Http2Exchange(request, response, settings);
        try {
            handler.handle(exchange);
        } finally {
            exchange.peerWatch.end();
        }
        if (exchange.aborted || exchange.open) {
            throw new CloseConnectionException("exchange aborted");
        }
    }

    private static Headers headers(ServerRequest request) {
        var headers = Headers.builder();
        request.headers()
                .forEach(header -> header.allValues().forEach(v -> headers.add(header.name(), v)));
        if (!headers.contains("host")) {
            headers.set("host", request.authority());
        }
        return headers.build();
    }

    @Override
    public String method() {
        return request.prologue().method().text();
    }

    @Override
    public String rawPath() {
        return request.prologue().uriPath().rawPath();
    }

    @Override
    public String rawQuery() {
        return request.prologue().query().rawValue();
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public String peer() {
        return request.remotePeer().host() + ":" + request.remotePeer().port();
    }

    @Override
    public boolean isSecure() {
        return request.isSecure();
    }

    @Override
    public Optional<X509Certificate> clientCertificate() {
        return PeerCertificate.of(request.remotePeer());
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
        // there is none
    }

    @Override
    public void liftBodyTimeout() {
        // there is none
    }

    @Override
    public void onPeerGone(Runnable action) {
        peerWatch.add(action);
    }

    @Override
    public OutputStream respond(int status, Headers responseHeaders) throws IOException {
        start(status, responseHeaders);
        open = true;
        return new ResponseStream(response.outputStream());
    }

    @Override
    public void respond(int status, Headers responseHeaders, byte[] bytes) throws IOException {
        start(status, responseHeaders);
        var bodiless = status == 204 || status == 304;
        var toHead = method().equals("HEAD");
        if (toHead && !bodiless) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length));
        }
        var sent = toHead || bodiless ? NOTHING : bytes;
        attempt(() -> response.send(sent));
    }

    private void start(int status, Headers responseHeaders) throws IOException {
        if (started) {
            throw new IllegalStateException("response started before");
        }
        checkAborted();
        started = true;
        response.status(Status.create(status));
        for (var name : responseHeaders.names()) {
            var values = responseHeaders.all(name);
            // Helidon's HTTP/2 sends the first of several values alone. A list can be joined; of
            // several cookies all but one are lost. "Changing" keeps it from indexing the field,
            // which never ends if the field is larger than the table.
            var value = name.equals("set-cookie") ? values.getFirst() : String.join(", ", values);
            response.header(HeaderValues.create(HeaderNames.create(name), true, false, value));
        }
    }

    @Override
    public void trailers(Headers trailers) {
        // dropped
    }

    @Override
    public boolean isResponseStarted() {
        return started;
    }

    /// Helidon can't end a wait: whoever reads learns of it with what comes next.
    @Override
    public void releaseBody() {
        body.released = true;
    }

    @Override
    public void release() {
        abort();
    }

    @Override
    public void abort() {
        aborted = true;
    }

    private void checkAborted() throws IOException {
        if (aborted) {
            throw new IOException("the exchange was aborted");
        }
    }

    /// An action that may block in Helidon.
    private interface Blocking {
        void run() throws IOException;
    }

    private void attempt(Blocking action) throws IOException {
        checkAborted();
        try {
            action.run();
        } catch (IOException | RuntimeException e) {
            // Helidon tells by any of several exceptions that the stream or connection is gone.
            aborted = true;
            peerWatch.fire();
            throw new IOException("the stream can't be written to", e);
        }
    }

    /// The body of the response; Helidon ends it when the handler has returned.
    private final class ResponseStream extends FilterOutputStream {
        ResponseStream(OutputStream target) {
            super(new BufferedOutputStream(target, BUFFER_SIZE));
        }

        @Override
        public void write(int b) throws IOException {
            attempt(() -> out.write(b));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            attempt(() -> out.write(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
            attempt(out::flush);
        }

        @Override
        public void close() throws IOException {
            if (open && !aborted) {
                attempt(out::flush);
                open = false;
            }
        }
    }

    /// The body of the request, no longer than allowed.
    private static final class BoundedBody extends FilterInputStream {
        private long bound;
        private long received;
        private volatile boolean released;

        BoundedBody(InputStream source, long bound) {
            super(source);
            this.bound = bound;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (released) {
                throw new BodyReleasedException();
            }
            try {
                var count = super.read(target, offset, length);
                received += Math.max(0, count);
                if (received > bound) {
                    throw new BodyTooLargeException(bound);
                }
                return count;
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }
}
