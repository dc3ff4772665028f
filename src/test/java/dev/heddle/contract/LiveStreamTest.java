package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.events.v1.BatchPublishRequest;
import dev.heddle.events.v1.Event;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.PublishRequest;
import dev.heddle.events.v1.SubscribeRequest;
import dev.heddle.events.v1.SubscribeResponse;
import dev.heddle.testing.GatewayTest;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import dev.heddle.users.v1.WatchUsersRequest;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams that never end, over every framing, and from one framing to the next.
@Timeout(60)
final class LiveStreamTest extends GatewayTest {
    private final URI gateway;
    private final Options options =
            new Options(Optional.of(token()), Optional.of(Duration.ofSeconds(40)));

    LiveStreamTest(URI gateway) {
        this.gateway = ContractSuite.local(gateway);
    }

    @ParameterizedTest
    @EnumSource
    void subscriberGoesOnOverAnotherFraming(LiveFraming framing) throws Exception {
        var topic = "live." + UUID.randomUUID();
        var request = SubscribeRequest.newBuilder().setTopic(topic).build();
        List<SubscribeResponse> first = new ArrayList<>();
        try (var live = subscribe(framing, request)) {
            assertThat(live.next().hasBookmark()).isTrue();
            publish(framing, topic, "1", "2", "3");
            for (var i = 0; i < 3; i++) {
                first.add(live.next());
            }
        }
        assertThat(first)
                .extracting(each -> each.getEvent().getKey())
                .containsExactly("1", "2", "3");
        var event = first.getFirst().getEvent();
        assertThat(event.getTopic()).isEqualTo(topic);
        assertThat(event.getType()).isEqualTo("test.happened");
        assertThat(event.getPayload()).isEqualTo(payload("1"));
        assertThat(event.hasPublishTime()).isTrue();

        var resumed = request.toBuilder().setFrom(first.get(1).getToken()).build();
        try (var live = subscribe(framing.next(), resumed)) {
            assertThat(live.next().getToken()).isEqualTo(first.get(1).getToken());
            assertThat(live.next()).isEqualTo(first.get(2));
            publish(framing, topic, "4");
            assertThat(live.next().getEvent().getKey()).isEqualTo("4");
        }
    }

    @ParameterizedTest
    @EnumSource
    void watcherOfUsersGetsStateThenChanges(LiveFraming framing) throws Exception {
        var user = create(framing);
        var request = WatchUsersRequest.newBuilder().setId(user.getId()).setSnapshot(true).build();
        try (var live =
                new Live<>(
                        framing.client(gateway),
                        UserServiceGrpc.getWatchUsersMethod(),
                        request,
                        options)) {
            assertThat(live.next().getExisting()).isEqualTo(user);
            assertThat(live.next().hasSynced()).isTrue();
            assertThat(live.next().hasBookmark()).isTrue();

            var changed = rename(framing, user);
            assertThat(live.next().getUpdated()).isEqualTo(changed);

            delete(framing, user);
            assertThat(live.next().getDeleted()).isEqualTo(changed);
        }
    }

    private Live<SubscribeResponse> subscribe(LiveFraming framing, SubscribeRequest request) {
        return new Live<>(
                framing.client(gateway), EventServiceGrpc.getSubscribeMethod(), request, options);
    }

    private void publish(LiveFraming framing, String topic, String... keys) {
        var batch = BatchPublishRequest.newBuilder();
        for (var key : keys) {
            batch.addRequests(
                    PublishRequest.newBuilder()
                            .setEvent(
                                    Event.newBuilder()
                                            .setTopic(topic)
                                            .setType("test.happened")
                                            .setKey(key)
                                            .setPayload(payload(key))));
        }
        unary(framing, EventServiceGrpc.getBatchPublishMethod(), batch.build());
    }

    private static Struct payload(String key) {
        return Struct.newBuilder()
                .putFields("number", Values.of(Double.parseDouble(key)))
                .putFields("text", Values.of("größer \" \n"))
                .build();
    }

    private User create(LiveFraming framing) {
        return unary(
                framing,
                UserServiceGrpc.getCreateUserMethod(),
                CreateUserRequest.newBuilder()
                        .setUser(
                                User.newBuilder()
                                        .setEmail(UUID.randomUUID() + "@example.com")
                                        .setName("Ada"))
                        .build());
    }

    private User rename(LiveFraming framing, User user) {
        var request = UpdateUserRequest.newBuilder().setUser(user.toBuilder().setName("Bertha"));
        request.getUpdateMaskBuilder().addPaths("name");
        return unary(framing, UserServiceGrpc.getUpdateUserMethod(), request.build());
    }

    private void delete(LiveFraming framing, User user) {
        var _ =
                unary(
                        framing,
                        UserServiceGrpc.getDeleteUserMethod(),
                        DeleteUserRequest.newBuilder().setId(user.getId()).build());
    }

    private <Q extends Message, R extends Message> R unary(
            LiveFraming framing, MethodDescriptor<Q, R> method, Q request) {
        try (var client = framing.client(gateway)) {
            var responses = new ArrayList<R>();
            client.call(method, List.of(request), options, responses::add);
            return responses.getFirst();
        }
    }
}
