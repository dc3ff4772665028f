package dev.heddle.http.h1;

import dev.heddle.http.Exchange;
import dev.heddle.http.Tunnel;
import dev.heddle.http.Upgrade;
import dev.heddle.http.carrier.PeerWatch;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// One request and its response on an HTTP/1.1 connection.
final class Http1Exchange implements Exchange {
    private final Http1Connection connection;
    private final RequestHead head;
    private final RequestBody body;
    private final ConnectionInput input;
    private final ConnectionOutput output;
    private final PeerWatch peerWatch = new PeerWatch();
    private Optional<ResponseBody> stream = Optional.empty();
    private Optional<TunnelOutput> tunnel = Optional.empty();
    private boolean started;
    private boolean sentWhole;
    private boolean closes;

    Http1Exchange(
            Http1Connection connection,
            RequestHead head,
            RequestBody body,
            ConnectionInput input,
            ConnectionOutput output) {
        this.connection = connection;
        this.head = head;
        this.body = body;
        this.input = input;
        this.output = output;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String rawPath() {
        return head.rawPath();
    }

    @Override
    public String rawQuery() {
        return head.rawQuery();
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
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
        body.liftBound();
    }

    @Override
    public void liftBodyPace() {
        body.liftPace();
    }

    @Override
    public void liftBodyTimeout() {
        body.liftTimeout();
    }

    @Override
    public void onPeerGone(Runnable action) {
        peerWatch.add(action);
    }

    @Override
    public OutputStream respond(int status, Headers headers) throws IOException {
        var opened = new ResponseBody(start(status, headers), output);
        stream = Optional.of(opened);
        return opened;
    }

    @Override
    public void respond(int status, Headers headers, byte[] bytes) throws IOException {
        body.discardArrived();
        var responseHead = start(status, headers);
        output.write(
                responseHead.toBytes(bytes.length),
                bytes,
                0,
                responseHead.hasBody() ? bytes.length : 0);
        sentWhole = true;
    }

    @Override
    public Optional<Upgrade> upgrade(String protocol) {
        return method().equals("GET") && head.asksFor(protocol)
                ? Optional.of(headers -> open(protocol, headers))
                : Optional.empty();
    }

    private Tunnel open(String protocol, Headers headers) throws IOException {
        checkStart();
        var responseHead = ResponseHead.switchingTo(protocol, headers);
        started = true;
        closes = true;
        output.write(responseHead);
        var opened = new TunnelOutput(output);
        tunnel = Optional.of(opened);
        return new Tunnel(new TunnelInput(input), opened);
    }

    private void checkStart() throws IOException {
        if (started) {
            throw new IllegalStateException("response started before");
        }
        if (connection.isEnded()) {
            throw new IOException("the exchange was aborted");
        }
    }

    private ResponseHead start(int status, Headers headers) throws IOException {
        checkStart();
        var closing = !head.keepsAlive() || connection.isDraining() || !body.isFinished();
        var responseHead = new ResponseHead(status, headers, head.isHead(), closing);
        closes = responseHead.closes();
        body.skipContinue();
        started = true;
        return responseHead;
    }

    @Override
    public void trailers(Headers trailers) {
        // dropped
    }

    @Override
    public boolean isResponseStarted() {
        return started;
    }

    @Override
    public void releaseBody() {
        body.release();
    }

    @Override
    public void release() {
        abort();
    }

    @Override
    public void abort() {
        stream.ifPresent(ResponseBody::abandon);
        connection.abort(this);
    }

    /// Whether all of the response was sent.
    boolean isComplete() {
        return sentWhole
                || stream.map(ResponseBody::isComplete).orElse(false)
                || tunnel.map(TunnelOutput::isClosed).orElse(false);
    }

    /// Whether the connection ends with this exchange.
    boolean closes() {
        return closes;
    }

    /// Whether all of the request was read.
    boolean isRequestComplete() {
        return body.isFinished();
    }

    PeerWatch peerWatch() {
        return peerWatch;
    }
}
