package dev.heddle.http.tls;

import dev.heddle.http.tls.TlsSettings.ClientCertificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// On what terms handshakes are made: who the server is, whom it trusts, and with what ciphers.
/// Made of files at one moment; sessions can be resumed only on the terms that they began with.
///
/// @param description for the log
record Terms(SSLSocketFactory sockets, SSLParameters parameters, String description) {
    /// Reads the files that the settings name.
    ///
    /// @throws IllegalArgumentException if they can't be used, or none are named
    static Terms read(TlsSettings settings) {
        var identity =
                Identity.read(
                        settings.certificate().orElseThrow(IllegalArgumentException::new),
                        settings.privateKey().orElseThrow(IllegalArgumentException::new));
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(identity.keyManagers(), trustManagers(settings.clientCa()), null);
            return new Terms(
                    context.getSocketFactory(),
                    parameters(context, settings.clientCertificate()),
                    identity.description());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("server.tls: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] trustManagers(Optional<Path> clientCa)
            throws GeneralSecurityException, IOException {
        if (clientCa.isEmpty()) {
            return null;
        }
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var certificate : PemFiles.certificates("server.tls.client-ca", clientCa.get())) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private static SSLParameters parameters(
            SSLContext context, ClientCertificate clientCertificate) {
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setCipherSuites(
                Arrays.stream(context.getSupportedSSLParameters().getCipherSuites())
                        .filter(Terms::isGoodEnoughForHttp2)
                        .toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        switch (clientCertificate) {
            case NONE -> {}
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    /// RFC 9113, Appendix A refuses whatever lacks forward secrecy or authenticated encryption.
    private static boolean isGoodEnoughForHttp2(String suite) {
        return suite.startsWith("TLS_AES_")
                || suite.startsWith("TLS_CHACHA20_")
                || (suite.startsWith("TLS_ECDHE_")
                        && (suite.contains("_GCM_") || suite.contains("_CHACHA20_")));
    }

    /// The server's end over a socket; the handshake is yet to be made.
    SSLSocket over(Socket plain) throws IOException {
        var socket = (SSLSocket) sockets.createSocket(plain, null, true);
        socket.setSSLParameters(parameters);
        return socket;
    }
}
