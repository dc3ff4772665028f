package dev.heddle.facade.grpc;

import com.google.protobuf.Message;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status.Code;
import java.util.LinkedHashMap;
import java.util.List;

/// Serves the methods of a gateway as gRPC, on whatever transport runs the definitions.
public final class GrpcFacade {
    private final Pipeline pipeline;
    private final Settings settings;

    /// The bounds of gRPC calls.
    ///
    /// @param maxMessageSize how many bytes a request message may have, before and after
    ///   decompression; at least 1, default 4 MiB, key `grpc.max-message-size`
    /// @param maxQueuedMessages how many request messages of one call wait for its handler; a
    ///   caller that sends more is made to wait; at least 1, default 16, key
    ///   `grpc.max-queued-messages`
    public record Settings(int maxMessageSize, int maxQueuedMessages) {
        public static final Settings DEFAULT = new Settings(4 * 1024 * 1024, 16);

        public Settings {
            atLeastOne("grpc.max-message-size", maxMessageSize);
            atLeastOne("grpc.max-queued-messages", maxQueuedMessages);
        }

        /// The refusal of a message beyond the bound.
        public RpcException messageTooLarge() {
            return new RpcException(
                    Code.RESOURCE_EXHAUSTED,
                    "a request message is too large (expected: at most %d bytes, grpc.max-message-size)"
                            .formatted(maxMessageSize));
        }

        private static void atLeastOne(String key, int value) {
            if (value < 1) {
                throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(key, value));
            }
        }
    }

    public GrpcFacade(Pipeline pipeline, Settings settings) {
        this.pipeline = pipeline;
        this.settings = settings;
    }

    public Settings settings() {
        return settings;
    }

    /// The methods as gRPC services, in the order of their registration.
    public List<ServerServiceDefinition> services(Rpcs rpcs) {
        var services = new LinkedHashMap<String, ServerServiceDefinition.Builder>();
        for (var rpc : rpcs.all()) {
            var service = rpc.contract().descriptor().getService().getFullName();
            services.computeIfAbsent(service, ServerServiceDefinition::builder)
                    .addMethod(method(rpc));
        }
        return services.values().stream().map(ServerServiceDefinition.Builder::build).toList();
    }

    private <Q extends Message, R extends Message> ServerMethodDefinition<Incoming<Q>, R> method(
            Rpc<Q, R> rpc) {
        var grpc = rpc.contract().grpc();
        var marshaller = new IncomingMarshaller<>(rpc.contract().request(), settings);
        return ServerMethodDefinition.create(
                grpc.toBuilder(marshaller, grpc.getResponseMarshaller()).build(),
                (transport, metadata) ->
                        GrpcCall.start(rpc, pipeline, settings, transport, metadata));
    }
}
