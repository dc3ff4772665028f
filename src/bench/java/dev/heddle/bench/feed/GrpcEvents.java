package dev.heddle.bench.feed;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.events.v1.BatchPublishRequest;
import dev.heddle.events.v1.Event;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.PublishRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;

/// Publishes by grpc-java over Netty: one connection for all threads.
final class GrpcEvents implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel channel;
    private final EventServiceGrpc.EventServiceBlockingStub stub;
    private final PublishRequest request;

    GrpcEvents(int port, String token, String topic) {
        var metadata = new Metadata();
        metadata.put(AUTHORIZATION, "Bearer " + token);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        stub =
                EventServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
        var text = Value.newBuilder().setStringValue("x".repeat(100)).build();
        request =
                PublishRequest.newBuilder()
                        .setEvent(
                                Event.newBuilder()
                                        .setTopic(topic)
                                        .setType("bench.happened")
                                        .setPayload(Struct.newBuilder().putFields("text", text)))
                        .build();
    }

    /// Publishes one event.
    ///
    /// @return 1
    long publish() {
        var _ = stub.publish(request);
        return 1;
    }

    /// Publishes several in one call.
    ///
    /// @return how many
    long publish(int count) {
        var batch = BatchPublishRequest.newBuilder();
        for (var i = 0; i < count; i++) {
            batch.addRequests(request);
        }
        var _ = stub.batchPublish(batch.build());
        return count;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
