package dev.heddle.bench;

import dev.heddle.users.v1.BatchCreateUsersRequest;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.atomic.AtomicLong;

/// Creates users by grpc-java over Netty: one connection for all threads.
final class GrpcUsers implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel channel;
    private final UserServiceGrpc.UserServiceBlockingStub stub;
    private final AtomicLong created = new AtomicLong();

    GrpcUsers(int port, String token) {
        var metadata = new Metadata();
        metadata.put(AUTHORIZATION, "Bearer " + token);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        stub =
                UserServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /// Creates one user.
    ///
    /// @return 1
    long create() {
        var _ = stub.createUser(next());
        return 1;
    }

    /// Creates many in one call.
    ///
    /// @return how many
    long create(int count) {
        var request = BatchCreateUsersRequest.newBuilder();
        for (var i = 0; i < count; i++) {
            request.addRequests(next());
        }
        return stub.batchCreateUsers(request.build()).getUsersCount();
    }

    private CreateUserRequest next() {
        var number = created.incrementAndGet();
        var user =
                User.newBuilder()
                        .setEmail("grace.hopper.%d@example.com".formatted(number))
                        .setName("Grace Hopper " + number);
        return CreateUserRequest.newBuilder().setUser(user).build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
