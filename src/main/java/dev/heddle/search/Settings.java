package dev.heddle.search;

import dev.heddle.search.v1.Source;
import java.time.Duration;

/// Where to search, and how long each source has, more than zero.
///
/// @param externalUrl the address of another server's search, `{q}` standing for what is looked
///   for; it answers with a `heddle.search.v1.ExternalHits` in JSON; empty, the default: none; key
///   `search.external-url`
/// @param products default 1 s; key `search.timeout.products`
/// @param posts default 1 s; key `search.timeout.posts`
/// @param documents default 1 s; key `search.timeout.documents`
/// @param users default 1 s; key `search.timeout.users`
/// @param external all tries included, default 2 s; key `search.timeout.external`
public record Settings(
        String externalUrl,
        Duration products,
        Duration posts,
        Duration documents,
        Duration users,
        Duration external) {
    public static final Settings DEFAULT =
            new Settings(
                    "",
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2));

    public Settings {
        check("products", products);
        check("posts", posts);
        check("documents", documents);
        check("users", users);
        check("external", external);
    }

    /// How long a source has.
    Duration timeout(Source source) {
        return switch (source) {
            case SOURCE_PRODUCTS -> products;
            case SOURCE_POSTS -> posts;
            case SOURCE_DOCUMENTS -> documents;
            case SOURCE_USERS -> users;
            case SOURCE_EXTERNAL -> external;
            case SOURCE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalArgumentException(source + " (expected: a source)");
        };
    }

    private static void check(String key, Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "search.timeout.%s: %s (expected: > 0)".formatted(key, timeout));
        }
    }
}
