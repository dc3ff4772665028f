package dev.heddle.security;

import dev.heddle.db.Digests;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Grant;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Callers by the certificates that they show, which the carrier has verified. Their subject is the
/// first URI among the alternative names, as SPIFFE has it, or else the common name.
///
/// @param scopes what each may do, by subject; who is not among them is known and may do what needs
///   no scope; key `security.client-certificates`
public record CertificateCallers(Map<String, Set<String>> scopes) {
    /// The type of a URI among alternative names (RFC 5280, section 4.2.1.6).
    private static final int URI = 6;

    public CertificateCallers {
        scopes = Map.copyOf(scopes);
    }

    /// @throws dev.heddle.rpc.RpcException UNAUTHENTICATED for a certificate that names nobody
    Caller caller(X509Certificate certificate) {
        var subject =
                uri(certificate)
                        .or(() -> commonName(certificate))
                        .orElseThrow(() ->
                                Refusal.CREDENTIALS_INVALID.because(
                                        "the certificate names nobody (expected: a URI among its alternative"
                                                + " names, or a common name)"));
        return new Caller(subject, scopes.getOrDefault(subject, Set.of()), grant(certificate));
    }

    private static Grant grant(X509Certificate certificate) {
        return new Grant(
                Revocations.ofCertificate(fingerprint(certificate)),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    private static Optional<String> uri(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return Stream.ofNullable(names)
                    .flatMap(Collection::stream)
                    .filter(name -> name.get(0).equals(URI))
                    .map(name -> String.valueOf(name.get(1)))
                    .findFirst();
        } catch (CertificateParsingException _) {
            // a list that can't be read holds nothing
            return Optional.empty();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .filter(name -> !name.isBlank())
                            .findFirst();
        } catch (InvalidNameException e) {
            throw new IllegalStateException("a principal has a name by RFC 2253", e);
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(Digests.sha256(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that came is encoded", e);
        }
    }
}
