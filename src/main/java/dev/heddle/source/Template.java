package dev.heddle.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The address of something at a source, save for its id.
final class Template {
    private final String text;
    private final String place;

    /// @param place what stands in the text for the id, such as `{id}`
    Template(String name, String text, String place) {
        if (!isAddress(text, place)) {
            throw new IllegalArgumentException(
                    "%s: %s (expected: http:// or https://, a host and a path with %s)"
                            .formatted(name, text, place));
        }
        this.text = text;
        this.place = place;
    }

    /// The id becomes one segment of the path, whatever is in it.
    URI of(String id) {
        var encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        // two names that are not names, and no encoding keeps a server from reading them so
        return filled(id.equals(".") || id.equals("..") ? encoded + "%20" : encoded);
    }

    private URI filled(String segment) {
        return URI.create(text.replace(place, segment));
    }

    private static boolean isAddress(String text, String place) {
        try {
            var uri = new URI(text.replace(place, "x"));
            return text.contains(place)
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
