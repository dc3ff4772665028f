package dev.heddle.http;

import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// An exchange whose answer has [SecurityHeaders].
record GuardedExchange(Exchange exchange, SecurityHeaders security) implements Exchange {
    @Override
    public OutputStream respond(int status, Headers headers) throws IOException {
        return exchange.respond(status, security.with(headers, exchange));
    }

    @Override
    public void respond(int status, Headers headers, byte[] body) throws IOException {
        exchange.respond(status, security.with(headers, exchange), body);
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String rawPath() {
        return exchange.rawPath();
    }

    @Override
    public String rawQuery() {
        return exchange.rawQuery();
    }

    @Override
    public String protocol() {
        return exchange.protocol();
    }

    @Override
    public Headers headers() {
        return exchange.headers();
    }

    @Override
    public String peer() {
        return exchange.peer();
    }

    @Override
    public boolean isSecure() {
        return exchange.isSecure();
    }

    @Override
    public Optional<X509Certificate> clientCertificate() {
        return exchange.clientCertificate();
    }

    @Override
    public InputStream body() {
        return exchange.body();
    }

    @Override
    public void liftBodyBound() {
        exchange.liftBodyBound();
    }

    @Override
    public void liftBodyTimeout() {
        exchange.liftBodyTimeout();
    }

    @Override
    public void liftBodyPace() {
        exchange.liftBodyPace();
    }

    @Override
    public void onPeerGone(Runnable action) {
        exchange.onPeerGone(action);
    }

    @Override
    public void trailers(Headers trailers) {
        exchange.trailers(trailers);
    }

    @Override
    public Optional<Upgrade> upgrade(String protocol) {
        return exchange.upgrade(protocol);
    }

    @Override
    public boolean isResponseStarted() {
        return exchange.isResponseStarted();
    }

    @Override
    public void releaseBody() {
        exchange.releaseBody();
    }

    @Override
    public void release() {
        exchange.release();
    }

    @Override
    public void abort() {
        exchange.abort();
    }
}
