package dev.heddle.facade.connect;

import com.google.protobuf.Message;
import dev.heddle.facade.bind.Query;
import dev.heddle.facade.envelope.BinaryMetadata;
import dev.heddle.facade.envelope.Compression;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.util.List;

/// A method of one request and one response, each the content of its HTTP message.
final class UnaryMethod<Q extends Message, R extends Message> implements ConnectMethod {
    private final MethodBinding<Q, R> binding;
    private final List<String> httpMethods;

    UnaryMethod(MethodBinding<Q, R> binding) {
        this.binding = binding;
        this.httpMethods = binding.hasNoSideEffects() ? List.of("GET", "POST") : List.of("POST");
    }

    @Override
    public List<String> httpMethods() {
        return httpMethods;
    }

    @Override
    public void handle(Exchange exchange, ConnectReply reply) throws IOException, Refusal {
        try {
            if (exchange.method().equals("GET")) {
                get(exchange, reply);
            } else {
                post(exchange, reply);
            }
        } catch (RpcException e) {
            reply.fail(e, Headers.empty());
        }
    }

    private void post(Exchange exchange, ConnectReply reply) throws IOException, Refusal {
        var headers = exchange.headers();
        var contentType = headers.first("content-type").orElse("none");
        var type = ConnectType.of(contentType, ConnectType.UNARY_PREFIX);
        if (type.isEmpty()) {
            throw Refusal.unsupportedType(contentType, ConnectType.UNARY_PREFIX);
        }
        ConnectHeaders.checkVersion(headers);
        var coding = headers.first("content-encoding").orElse("");
        serve(
                reply,
                type.get(),
                Compression.isGzip("content-encoding", coding),
                // one byte more, to see that there are too many
                () -> exchange.body().readNBytes(binding.settings().maxMessageSize() + 1));
    }

    private void get(Exchange exchange, ConnectReply reply) throws IOException, Refusal {
        var query = Query.parse(exchange.rawQuery());
        var encoding = query.first("encoding").orElse("");
        var type = ConnectType.ofCodec(encoding, ConnectType.UNARY_PREFIX);
        if (type.isEmpty()) {
            throw Refusal.unsupportedEncoding(encoding);
        }
        ConnectHeaders.checkVersion("connect", query.first("connect"), "v1");
        var compression = query.first("compression").orElse("");
        serve(
                reply,
                type.get(),
                Compression.isGzip("compression", compression),
                () -> QueryMessage.of(query));
    }

    private void serve(
            ConnectReply reply, ConnectType type, boolean isGzip, SingleInbound.Source source)
            throws IOException {
        var exchange = reply.exchange();
        var call = binding.open(exchange, BinaryMetadata.normalized(exchange.headers()));
        var codec = binding.codec(type);
        var in = new SingleInbound<>(source, codec, isGzip, binding.settings(), call.peer());
        call.run(
                in,
                new UnaryAnswer<>(call.call(), codec, type, compresses(exchange, isGzip), reply));
    }

    /// A caller that does not say what it accepts accepts what it sends.
    private static boolean compresses(Exchange exchange, boolean isGzip) {
        var name = "accept-encoding";
        return exchange.headers().contains(name)
                ? Compression.accepts(exchange.headers(), name)
                : isGzip;
    }
}
