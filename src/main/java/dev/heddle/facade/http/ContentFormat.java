package dev.heddle.facade.http;

import com.google.api.HttpBody;
import com.google.protobuf.Message;
import dev.heddle.api.ContentPart;
import dev.heddle.facade.route.Route;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// Arbitrary content, as `google.api.HttpBody` has it: the first message says of which type, and
/// all bring its bytes. Where the route's policy has a `download`, the first message also says
/// which part of the content follows. After a failure the exchange is aborted.
record ContentFormat(Route route) implements StreamFormat {
    private static final String UNKNOWN = "application/octet-stream";

    @Override
    public String name() {
        return "content";
    }

    @Override
    public int status(Optional<Message> first) {
        return part(first)
                .map(part -> part.getUnchanged() ? 304 : part.hasRange() ? 206 : 200)
                .orElse(200);
    }

    @Override
    public void headers(Optional<Message> first, Headers.Builder headers) {
        var part = part(first);
        if (part.filter(ContentPart::getUnchanged).isEmpty()) {
            headers.set(
                    "content-type",
                    first.map(this::content)
                            .map(HttpBody::getContentType)
                            .filter(type -> !type.isEmpty())
                            .orElse(UNKNOWN));
        }
        // what somebody else brought must be neither guessed at nor run
        headers.set("x-content-type-options", "nosniff");
        part.ifPresent(present -> describe(present, headers));
    }

    private static void describe(ContentPart part, Headers.Builder headers) {
        headers.set("etag", part.getEtag());
        headers.set("cache-control", "private, no-cache");
        if (part.getUnchanged()) {
            return;
        }
        var range = part.getRange();
        headers.set("accept-ranges", "bytes");
        headers.set("content-disposition", ContentDisposition.attachment(part.getFileName()));
        headers.set("content-security-policy", "default-src 'none'; sandbox");
        headers.set(
                "content-length",
                Long.toString(
                        part.hasRange()
                                ? range.getLast() - range.getFirst() + 1
                                : part.getTotalSize()));
        if (part.hasRange()) {
            headers.set(
                    "content-range",
                    "bytes %d-%d/%d"
                            .formatted(range.getFirst(), range.getLast(), part.getTotalSize()));
        }
    }

    @Override
    public void message(Message message, OutputStream out) throws IOException {
        content(message).getData().writeTo(out);
    }

    private Optional<ContentPart> part(Optional<Message> first) {
        return route.download()
                .flatMap(download ->
                        first.filter(message -> message.hasField(download.part()))
                                .map(message -> (ContentPart) message.getField(download.part())));
    }

    private HttpBody content(Message message) {
        var content =
                route.responseBody().isPresent()
                        ? message.getField(route.responseBody().get())
                        : message;
        return (HttpBody) content;
    }
}
