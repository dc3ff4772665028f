package dev.heddle;

import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.identity.Identity;
import dev.heddle.rpc.Authenticator;
import dev.heddle.security.CallerAuthenticator;
import dev.heddle.security.DevelopmentIssuer;
import dev.heddle.security.Loopback;
import dev.heddle.security.RemoteKeys;
import dev.heddle.security.Revocations;
import dev.heddle.security.TokenSettings;
import dev.heddle.security.TokenVerifier;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/// Who may call: the issuer of the configuration or the one of the data folder, and what the
/// gateway gives out itself.
final class Access implements AutoCloseable {
    private final TokenSettings settings;
    private final Optional<DevelopmentIssuer> development;
    private final Identity identity;
    private final Authenticator authenticator;

    private Access(
            TokenSettings settings,
            Optional<DevelopmentIssuer> development,
            Identity identity,
            Authenticator authenticator) {
        this.settings = settings;
        this.development = development;
        this.identity = identity;
        this.authenticator = authenticator;
    }

    static Access open(
            Configuration configuration,
            Sections sections,
            Database database,
            Feed feed,
            Clock clock)
            throws IOException {
        var revocations = new Revocations();
        var identity = new Identity(database, feed, revocations, sections.identity(), clock);
        var development =
                accepts(sections)
                        ? Optional.of(DevelopmentIssuer.of(configuration.path("data")))
                        : Optional.<DevelopmentIssuer>empty();
        var settings = sections.tokens();
        var tokens =
                sections.issuerKeys()
                        .map(keys -> new TokenVerifier(settings, new RemoteKeys(keys), clock))
                        .or(() ->
                                development.map(issuer ->
                                        new TokenVerifier(
                                                settings.withIssuer(DevelopmentIssuer.NAME),
                                                issuer.keys(),
                                                clock)));
        var authenticator =
                new CallerAuthenticator(
                        tokens,
                        identity::byKey,
                        identity::byTicket,
                        sections.certificates(),
                        revocations);
        return new Access(settings, development, identity, authenticator);
    }

    /// Refuses a gateway that others can reach and that lets in whoever can read its data folder,
    /// unless it is configured to be one.
    static void check(Sections sections) {
        var host = sections.server().host();
        if (accepts(sections)
                && sections.developmentIssuer() == Sections.DevelopmentIssuer.LOOPBACK
                && !Loopback.isLoopback(host)) {
            throw new Configuration.InvalidException(
                    "server.host: %s (expected: a loopback address, as long as the tokens are those of ./heddle token; set security.issuer and security.jwks, or security.development-issuer to anywhere or off)"
                            .formatted(host));
        }
    }

    private static boolean accepts(Sections sections) {
        return sections.issuerKeys().isEmpty()
                && sections.developmentIssuer() != Sections.DevelopmentIssuer.OFF;
    }

    /// A new token that lets its bearer do everything; empty where tokens are another's.
    Optional<String> token() {
        return development.map(
                issuer -> issuer.mint(DevelopmentIssuer.Wish.of(settings.audience())));
    }

    Identity identity() {
        return identity;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    @Override
    public void close() {
        identity.close();
    }
}
