package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.json.JsonInput;
import dev.heddle.http.BodyTooLargeException;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Inbound;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// Reads the requests of one exchange. Nothing is read before the first is asked for, so that a
/// caller who is refused needn't have been listened to.
///
/// @param <Q> the type of the requests
final class RequestReader<Q extends Message> {
    /// How much of streamed content becomes one message, in bytes.
    private static final int PIECE_SIZE = 64 * 1024;

    private final Exchange exchange;
    private final RequestLine line;
    private final Json json;
    private final int maxMessageSize;

    /// Reads one message of a body; empty behind the last.
    private interface Source {
        Optional<Message> next() throws IOException;
    }

    RequestReader(Exchange exchange, RequestLine line, Json json, int maxMessageSize) {
        this.exchange = exchange;
        this.line = line;
        this.json = json;
        this.maxMessageSize = maxMessageSize;
    }

    /// The one request.
    Inbound<Q> single(BodyKind kind) {
        return inbound(
                once(() ->
                        switch (kind) {
                            case NONE -> line.binding().request();
                            case JSON -> json(bounded());
                            case CONTENT -> content(bounded().readAllBytes());
                        }));
    }

    /// Many requests, each bounded by itself.
    Inbound<Q> many(BodyKind kind) {
        return switch (kind) {
            case NONE -> single(kind);
            case JSON -> inbound(new Elements());
            case CONTENT -> inbound(new Pieces());
        };
    }

    private Inbound<Q> inbound(Source source) {
        return () -> {
            try {
                return source.next().map(this::cast);
            } catch (IOException e) {
                throw BodyFailures.toRpcException(e);
            }
        };
    }

    // a binding makes messages of the type that its route's method takes
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private Q cast(Message message) {
        return (Q) message;
    }

    private interface One {
        Message get() throws IOException;
    }

    private static Source once(One one) {
        return new Source() {
            private boolean isRead;

            @Override
            public Optional<Message> next() throws IOException {
                if (isRead) {
                    return Optional.empty();
                }
                isRead = true;
                return Optional.of(one.get());
            }
        };
    }

    private Message json(InputStream body) throws IOException {
        var bound = line.binding();
        return bound.request(
                bound.infersFieldMask()
                        ? JsonBody.buffered(json, body)
                        : JsonBody.streamed(json, body));
    }

    private Message content(byte[] data) throws IOException {
        return line.binding()
                .request(ContentBody.of(UploadedContent.typeOf(exchange), data, data.length));
    }

    private BoundedInput bounded() throws IOException {
        if (!BodyKind.isGzip(exchange) && announcedSize() > maxMessageSize) {
            throw new BodyTooLargeException(maxMessageSize);
        }
        return BoundedInput.whole(decoded(), maxMessageSize);
    }

    private InputStream decoded() throws IOException {
        return BodyKind.isGzip(exchange) ? new GZIPInputStream(exchange.body()) : exchange.body();
    }

    private long announcedSize() {
        try {
            return exchange.headers().first("content-length").map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException _) {
            // the carrier answers for the framing; the bound holds without it
            return 0;
        }
    }

    /// A message for each JSON value.
    private final class Elements implements Source {
        private Optional<JsonInput> input = Optional.empty();
        private Optional<BoundedInput> bytes = Optional.empty();

        @Override
        public Optional<Message> next() throws IOException {
            var bound = line.binding();
            var elements = input.isPresent() ? input.get() : open();
            bytes.ifPresent(BoundedInput::restart);
            return elements.next()
                    ? Optional.of(bound.request(new JsonBody.Element(elements)))
                    : Optional.empty();
        }

        private JsonInput open() throws IOException {
            var body = BoundedInput.each(decoded(), maxMessageSize);
            var opened = json.open(body);
            bytes = Optional.of(body);
            input = Optional.of(opened);
            return opened;
        }
    }

    /// A message that says what the content is, before any of it has to be there, and one for each
    /// piece of it.
    private final class Pieces implements Source {
        private Optional<UploadedContent> content = Optional.empty();
        private final byte[] piece = new byte[PIECE_SIZE];

        @Override
        public Optional<Message> next() throws IOException {
            if (content.isEmpty()) {
                var opened = UploadedContent.open(exchange, line, decoded());
                content = Optional.of(opened);
                return Optional.of(opened.first());
            }
            var open = content.get();
            var count = open.data().read(piece);
            return count < 0 ? Optional.empty() : Optional.of(open.next(piece, count));
        }
    }
}
