package dev.heddle.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Vouches for clients: a certificate of its own, in a PEM file, and those that it signs. Made by
/// the JDK's keytool.
public final class TestAuthority {
    private static final String ALIAS = "authority";
    private static final String CLIENT = "client";

    private final Path store;
    private final Path certificate;

    private TestAuthority(Path store, Path certificate) {
        this.store = store;
        this.certificate = certificate;
    }

    /// Makes one.
    ///
    /// @param name for its files and its certificate
    public static TestAuthority in(Path folder, String name) throws Exception {
        var store = folder.resolve(name + ".p12");
        Keytool.makeKey(store, ALIAS, "-dname", "CN=" + name, "-ext", "bc:c");
        var own = open(store).getCertificate(ALIAS);
        return new TestAuthority(
                store, Keytool.pem(folder.resolve(name + ".crt"), "CERTIFICATE", own.getEncoded()));
    }

    private static KeyStore open(Path store) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(store.toFile(), Keytool.PASSWORD.toCharArray());
    }

    /// Where its certificate is, in PEM.
    public Path certificate() {
        return certificate;
    }

    /// For a client: shows a certificate that this one signs now, and trusts a server's.
    ///
    /// @param distinguishedName such as `CN=ada`
    /// @param options for keytool, such as `-ext san=uri:spiffe://a/b` or `-startdate -2d`
    public SSLContext client(TestCertificate server, String distinguishedName, String... options)
            throws Exception {
        var own = store(distinguishedName, options);
        return server.trust(new KeyManager[] {new Insistent(open(own))});
    }

    /// For a client in a program: a PEM file with a certificate that this one signs now, and its
    /// key.
    public Path clientFile(String distinguishedName) throws Exception {
        var own = open(store(distinguishedName));
        var key = own.getKey(CLIENT, Keytool.PASSWORD.toCharArray()).getEncoded();
        var file = Files.createTempFile(store.getParent(), "client", ".pem");
        Keytool.pem(file, "CERTIFICATE", own.getCertificate(CLIENT).getEncoded());
        var keyFile = Files.createTempFile(store.getParent(), "client", ".key");
        Keytool.pem(keyFile, "PRIVATE KEY", key);
        return Files.writeString(file, Files.readString(keyFile), StandardOpenOption.APPEND);
    }

    private Path store(String distinguishedName, String... options) throws Exception {
        var all = new ArrayList<>(List.of("-signer", ALIAS, "-dname", distinguishedName));
        all.addAll(List.of(options));
        var copy = Files.createTempFile(store.getParent(), "client", ".p12");
        Files.copy(store, copy, StandardCopyOption.REPLACE_EXISTING);
        Keytool.makeKey(copy, CLIENT, all.toArray(String[]::new));
        return copy;
    }

    /// Shows its certificate whoever it is that the server trusts, where the JDK's would show none.
    private static final class Insistent extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate[] chain;

        Insistent(KeyStore store) throws GeneralSecurityException {
            key = (PrivateKey) store.getKey(CLIENT, Keytool.PASSWORD.toCharArray());
            chain =
                    Arrays.stream(store.getCertificateChain(CLIENT))
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {CLIENT};
        }

        @Override
        public String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return CLIENT;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return CLIENT;
        }

        @Override
        public String @Nullable [] getServerAliases(
                String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
