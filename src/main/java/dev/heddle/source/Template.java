package dev.heddle.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The address of something at a source, save for its id.
final class Template {
    private static final String PLACE = "{id}";

    private final String text;

    Template(String name, String text) {
        if (!isAddress(text)) {
            throw new IllegalArgumentException(
                    "%s: %s (expected: http:// or https://, a host and a path with {id})"
                            .formatted(name, text));
        }
        this.text = text;
    }

    /// The id becomes one segment of the path, whatever is in it.
    URI of(String id) {
        var encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        // two names that are not names, and no encoding keeps a server from reading them so
        return filled(id.equals(".") || id.equals("..") ? encoded + "%20" : encoded);
    }

    private URI filled(String segment) {
        return URI.create(text.replace(PLACE, segment));
    }

    private static boolean isAddress(String text) {
        try {
            var uri = new URI(text.replace(PLACE, "x"));
            return text.contains(PLACE)
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
