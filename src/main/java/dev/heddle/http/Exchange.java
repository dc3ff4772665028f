package dev.heddle.http;

import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// One HTTP request and its response, whatever version of HTTP and whichever engine carried it. It
/// is served by one thread, which blocks where the peer is slow. Another may read the body while it
/// writes the response; [#releaseBody], [#release] and [#abort] may come from any.
public interface Exchange {
    /// The method, in upper case.
    String method();

    /// The path as it was sent, percent-encoding included, from its first `/`.
    String rawPath();

    /// The query as it was sent, without the `?`; empty where there is none.
    String rawQuery();

    /// The protocol: `HTTP/1.1` or `HTTP/2`.
    String protocol();

    /// The header fields of the request.
    Headers headers();

    /// The address of the peer, such as `127.0.0.1:51312`.
    String peer();

    /// Whether TLS protects the exchange up to here.
    default boolean isSecure() {
        return false;
    }

    /// The certificate that the peer has shown in the TLS handshake; verified, and empty where it
    /// has shown none. The key `server.tls.client-certificate` says whether it is asked for one.
    default Optional<X509Certificate> clientCertificate() {
        return Optional.empty();
    }

    /// The body of the request as it came, still in its content encoding. Reading blocks until
    /// bytes arrive, at most for the carrier's body timeout.
    ///
    /// Reading throws [BodyTooLargeException] past the carrier's bound, [BodyTimeoutException] when
    /// the peer stalls and [BodyMalformedException] when its framing is wrong. A handler may let
    /// them pass: the carrier then answers 413, 408 or 400.
    InputStream body();

    /// Lets the body exceed the carrier's bound: for methods that take a stream of messages, each
    /// of which is bounded by itself.
    void liftBodyBound();

    /// Lets the body come as slowly as it likes, if only it does not pause for longer than the
    /// carrier's body timeout: for methods that take a stream of messages.
    void liftBodyPace();

    /// Lets the body pause for as long as the peer is there: for callers who may have nothing to
    /// say for a while.
    void liftBodyTimeout();

    /// Has an action run, once, when the peer goes away before the response is complete: at once if
    /// it has gone already. The action must not block. Over HTTP/1.1 a peer that closes only its
    /// own direction counts as gone. A carrier may learn of it only by a write that fails.
    void onPeerGone(Runnable action);

    /// Starts a response whose length is not known, and opens its body. Writing blocks while the
    /// peer is slow. What was written may wait in a buffer until [OutputStream#flush]; closing the
    /// stream completes the response, so a handler that can't finish calls [#abort] first. A
    /// `content-length` among the headers is kept, and then the body must be just as long.
    ///
    /// @throws IllegalStateException if the response was started before
    OutputStream respond(int status, Headers headers) throws IOException;

    /// Sends a whole response; its length goes into the headers. The answer to HEAD sends the
    /// headers alone.
    ///
    /// @throws IllegalStateException if the response was started before
    void respond(int status, Headers headers, byte[] body) throws IOException;

    /// Sets what follows the body of a response whose length is not known; before that body is
    /// closed. Over HTTP/1.1 they are dropped: a framing that has to be understood there puts them
    /// into the body.
    void trailers(Headers trailers);

    /// The way to another protocol, where the peer asks for it and the carrier has one: over
    /// HTTP/1.1 `Upgrade` (RFC 9110, section 7.8), over HTTP/2 an extended CONNECT (RFC 8441),
    /// which no carrier has so far.
    ///
    /// @param protocol its name, such as `websocket`
    default Optional<Upgrade> upgrade(String protocol) {
        return Optional.empty();
    }

    /// Whether the response was started, so that its status can't be changed any more.
    boolean isResponseStarted();

    /// Ends every wait for the body of the request, now and from now on: a thread that reads gets a
    /// [BodyReleasedException] where it would block. What has arrived can still be read, and the
    /// response goes on. May be called from any thread, more than once.
    void releaseBody();

    /// Ends every wait for the peer, now and from now on: a thread that reads or writes gets an
    /// [java.io.InterruptedIOException] where it would block. What has no need to wait can still be
    /// sent: the rest of a response over HTTP/2, while HTTP/1.1 has to [#abort]. May be called from
    /// any thread, more than once.
    void release();

    /// Ends the exchange in a way that the peer can't take for a complete response, and frees a
    /// thread that is blocked in reading or writing it. May be called from any thread, at any time,
    /// more than once.
    void abort();
}
