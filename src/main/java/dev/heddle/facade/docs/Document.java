package dev.heddle.facade.docs;

import dev.heddle.content.EntityTags;
import dev.heddle.facade.Cors;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/// Serves bytes that stay what they are while the process runs: made at the first request, known to
/// caches by a digest (RFC 9110, 8.8.3 and 13.1.2).
final class Document implements ExchangeHandler {
    private static final int TAG_BYTES = 16;

    private final String contentType;
    private final Cors cors;
    private final Once<Content> content;

    private static final class Content {
        private final byte[] bytes;
        private final String tag;

        Content(byte[] bytes, String tag) {
            this.bytes = bytes;
            this.tag = tag;
        }
    }

    Document(String contentType, Cors cors, Supplier<byte[]> source) {
        this.contentType = contentType;
        this.cors = cors;
        this.content = new Once<>(() -> tagged(source.get()));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var current = content.get();
        var headers =
                Headers.builder()
                        .set("etag", current.tag)
                        // kept, but asked for again: the next release may say something else
                        .set("cache-control", "no-cache");
        cors.allow(exchange, headers);
        if (cors.dependsOnOrigin()) {
            headers.set("vary", "origin");
        }
        if (EntityTags.matches(
                String.join(", ", exchange.headers().all("if-none-match")), current.tag)) {
            exchange.respond(304, headers.build(), new byte[0]);
        } else {
            exchange.respond(200, headers.set("content-type", contentType).build(), current.bytes);
        }
    }

    private static Content tagged(byte[] bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Content(bytes, "\"" + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + "\"");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
