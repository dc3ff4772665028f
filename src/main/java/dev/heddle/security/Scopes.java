package dev.heddle.security;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Scopes, as text with spaces between (RFC 6749, section 3.3).
public final class Scopes {
    private Scopes() {}

    public static Set<String> parse(String text) {
        return Arrays.stream(text.split(" "))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    public static String format(Set<String> scopes) {
        return scopes.stream().sorted().collect(Collectors.joining(" "));
    }

    /// Those of a token: its claim `scope`, or `scp` as some issuers have it, a text or a list.
    static Set<String> of(JWTClaimsSet claims) {
        return Stream.of("scope", "scp")
                .map(claims::getClaim)
                .flatMap(claim ->
                        switch (claim) {
                            case String text -> Stream.of(parse(text));
                            case List<?> list ->
                                    Stream.of(
                                            list.stream()
                                                    .filter(String.class::isInstance)
                                                    .map(String.class::cast)
                                                    .collect(Collectors.toUnmodifiableSet()));
                            case null, default -> Stream.<Set<String>>empty();
                        })
                .findFirst()
                .orElse(Set.of());
    }
}
