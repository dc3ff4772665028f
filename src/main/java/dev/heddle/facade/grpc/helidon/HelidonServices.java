package dev.heddle.facade.grpc.helidon;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.envelope.RequestParser;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.Rpcs;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.LinkedHashMap;
import java.util.List;

/// The methods of a gateway as grpc-java's service definitions, which Helidon routes.
final class HelidonServices {
    private final Pipeline pipeline;
    private final MessageSettings settings;
    private final int maxQueuedMessages;

    HelidonServices(Pipeline pipeline, MessageSettings settings, int maxQueuedMessages) {
        this.pipeline = pipeline;
        this.settings = settings;
        this.maxQueuedMessages = maxQueuedMessages;
    }

    /// The services in the order of their registration.
    List<ServerServiceDefinition> of(Rpcs rpcs) {
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
        var marshaller =
                new IncomingMarshaller<>(new RequestParser<>(rpc.contract().request()), settings);
        return ServerMethodDefinition.create(
                grpc.toBuilder(marshaller, grpc.getResponseMarshaller()).build(),
                (transport, metadata) ->
                        HelidonCall.start(rpc, pipeline, maxQueuedMessages, transport, metadata));
    }
}
