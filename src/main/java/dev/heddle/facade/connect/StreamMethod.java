package dev.heddle.facade.connect;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.BinaryMetadata;
import dev.heddle.facade.envelope.Compression;
import dev.heddle.facade.envelope.MessageReader;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.util.List;

/// A method that streams in one direction or both: each message in an envelope.
final class StreamMethod<Q extends Message, R extends Message> implements ConnectMethod {
    private static final List<String> POST = List.of("POST");

    private final MethodBinding<Q, R> binding;

    StreamMethod(MethodBinding<Q, R> binding) {
        this.binding = binding;
    }

    @Override
    public List<String> httpMethods() {
        return POST;
    }

    @Override
    public void handle(Exchange exchange, ConnectReply reply) throws IOException, Refusal {
        var contentType = exchange.headers().first("content-type").orElse("none");
        var type = ConnectType.of(contentType, ConnectType.STREAM_PREFIX);
        if (type.isEmpty()) {
            throw Refusal.unsupportedType(contentType, ConnectType.STREAM_PREFIX);
        }
        try {
            serve(exchange, type.get(), reply);
        } catch (RpcException e) {
            StreamAnswer.refuse(e, type.get(), reply);
        }
    }

    private void serve(Exchange exchange, ConnectType type, ConnectReply reply) throws IOException {
        var headers = exchange.headers();
        ConnectHeaders.checkVersion(headers);
        var compression = Compression.ofConnect(headers, binding.settings());
        var call = binding.open(exchange, BinaryMetadata.normalized(headers));
        var codec = binding.codec(type);
        var in =
                new MessageReader<>(
                        exchange.body(),
                        codec,
                        compression.ofRequests(),
                        Code.INVALID_ARGUMENT,
                        binding.settings(),
                        call.peer());
        call.run(in, new StreamAnswer<>(call, codec, type, compression.ofResponses(), reply));
    }
}
