package dev.heddle.facade.http;

import com.google.api.HttpBody;
import com.google.protobuf.Message;
import dev.heddle.facade.route.Route;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// Arbitrary content, as `google.api.HttpBody` has it: the first message says of which type, and
/// all bring its bytes. After a failure the exchange is aborted.
record ContentFormat(Route route) implements StreamFormat {
    private static final String UNKNOWN = "application/octet-stream";

    @Override
    public String name() {
        return "content";
    }

    @Override
    public void headers(Optional<Message> first, Headers.Builder headers) {
        headers.set(
                "content-type",
                first.map(this::content)
                        .map(HttpBody::getContentType)
                        .filter(type -> !type.isEmpty())
                        .orElse(UNKNOWN));
    }

    @Override
    public void message(Message message, OutputStream out) throws IOException {
        content(message).getData().writeTo(out);
    }

    private HttpBody content(Message message) {
        var content =
                route.responseBody().isPresent()
                        ? message.getField(route.responseBody().get())
                        : message;
        return (HttpBody) content;
    }
}
