package dev.heddle.http.tls;

import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// The server's end of TLS 1.3 and 1.2, which offers HTTP/2 and HTTP/1.1 by ALPN.
public final class TlsServer {
    private static final char[] NO_PASSWORD = new char[0];

    private final SSLSocketFactory sockets;
    private final SSLParameters parameters;

    private TlsServer(SSLContext context) {
        this.sockets = context.getSocketFactory();
        this.parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setCipherSuites(
                Arrays.stream(context.getSupportedSSLParameters().getCipherSuites())
                        .filter(TlsServer::isGoodEnoughForHttp2)
                        .toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    }

    /// Reads the files that the settings name.
    ///
    /// @throws IllegalArgumentException if they can't be used, or none are named
    public static TlsServer of(TlsSettings settings) {
        var identity =
                Identity.read(
                        settings.certificate().orElseThrow(IllegalArgumentException::new),
                        settings.privateKey().orElseThrow(IllegalArgumentException::new));
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry(
                    "server",
                    identity.key(),
                    NO_PASSWORD,
                    identity.chain().toArray(Certificate[]::new));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new TlsServer(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("server.tls: " + e.getMessage(), e);
        }
    }

    /// RFC 9113, Appendix A refuses whatever lacks forward secrecy or authenticated encryption.
    private static boolean isGoodEnoughForHttp2(String suite) {
        return suite.startsWith("TLS_AES_")
                || suite.startsWith("TLS_CHACHA20_")
                || (suite.startsWith("TLS_ECDHE_")
                        && (suite.contains("_GCM_") || suite.contains("_CHACHA20_")));
    }

    /// Lays TLS over a socket that a peer has connected to; the handshake is yet to be made.
    public TlsSocket over(HelidonSocket plain) throws IOException {
        var tls = (SSLSocket) sockets.createSocket(new SocketView(plain), null, true);
        tls.setSSLParameters(parameters);
        return new TlsSocket(plain, tls);
    }
}
