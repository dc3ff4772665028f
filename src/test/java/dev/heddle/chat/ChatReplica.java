package dev.heddle.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.chat.v1.ChatServiceGrpc;
import dev.heddle.chat.v1.CreateRoomRequest;
import dev.heddle.chat.v1.Message;
import dev.heddle.chat.v1.Room;
import dev.heddle.chat.v1.SendMessageRequest;
import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.db.PageTokens;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.facade.http.HttpFacade;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.facade.websocket.WebSocketFacade;
import dev.heddle.feed.Feed;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Credentials;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.TestPostgres;
import dev.heddle.websocket.v1.Envelope;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.helidon.webserver.WebServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/// A replica that serves chat over gRPC, HTTP and WebSocket to many people: a bearer's token is the
/// person's name, with `-reader` behind it for one who may not speak.
final class ChatReplica implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Database database;
    private final Feed feed;
    private final Rpcs rpcs;
    private final Pipeline pipeline;
    private final GrpcFacade grpc;
    private final WebSocketFacade webSocket;
    private final HttpFacade http;
    private final WebServer server;
    private final ManagedChannel channel;
    private final ManagedChannel idleChannel;

    private ChatReplica(
            TestPostgres.Database postgres,
            Settings settings,
            dev.heddle.feed.Settings feedSettings) {
        var databaseSettings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        Migrations.run(databaseSettings);
        var meters = new SimpleMeterRegistry();
        database = Database.open(databaseSettings, meters);
        feed = Feed.start(databaseSettings, feedSettings, meters);
        rpcs =
                Rpcs.builder()
                        .add(
                                ChatService.start(
                                        database, feed, new PageTokens(new byte[32]), settings))
                        .build();
        pipeline =
                new Pipeline(
                        ChatReplica::caller,
                        new Pipeline.Settings(TIMEOUT, 1000),
                        meters,
                        OpenTelemetry.noop());
        var routes = RouteTable.of(rpcs);
        var json = Json.of(rpcs, Envelope.getDefaultInstance());
        grpc = new GrpcFacade(rpcs, pipeline, MessageSettings.DEFAULT);
        webSocket =
                new WebSocketFacade(
                        rpcs,
                        routes,
                        pipeline,
                        json,
                        dev.heddle.facade.websocket.Settings.DEFAULTS);
        http = new HttpFacade(routes, pipeline, json, dev.heddle.facade.http.Settings.DEFAULTS);
        server = serve();
        idleChannel =
                NettyChannelBuilder.forAddress("127.0.0.1", port())
                        .usePlaintext()
                        .flowControlWindow(64 << 10)
                        .build();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
    }

    static ChatReplica start(TestPostgres.Database postgres) {
        return start(postgres, Settings.DEFAULT);
    }

    static ChatReplica start(TestPostgres.Database postgres, Settings settings) {
        return start(postgres, settings, dev.heddle.feed.Settings.DEFAULT);
    }

    static ChatReplica start(
            TestPostgres.Database postgres,
            Settings settings,
            dev.heddle.feed.Settings feedSettings) {
        return new ChatReplica(postgres, settings, feedSettings);
    }

    private WebServer serve() {
        ExchangeHandler all =
                exchange -> {
                    if (GrpcFacade.isGrpc(exchange)) {
                        grpc.handle(exchange);
                    } else if (WebSocketFacade.isWebSocket(exchange)) {
                        webSocket.handle(exchange);
                    } else {
                        http.handle(exchange);
                    }
                };
        var carrier =
                new dev.heddle.http.carrier.Settings(
                        "127.0.0.1",
                        0,
                        1000,
                        64 << 10,
                        64 << 10,
                        1 << 20,
                        TIMEOUT,
                        TIMEOUT,
                        TIMEOUT,
                        TIMEOUT);
        var config = WebServer.builder().shutdownHook(false);
        new HelidonCarrier(carrier, Http2Settings.DEFAULT, TlsSettings.NONE, all).attach(config);
        return config.build().start();
    }

    private static Caller caller(Credentials credentials) {
        var name =
                credentials
                        .headers()
                        .first("authorization")
                        .orElse("Bearer ")
                        .substring("Bearer ".length());
        return new Caller(name, name.endsWith("-reader") ? Set.of("chat.read") : Set.of("*"));
    }

    int port() {
        return server.port();
    }

    URI uri(String target) {
        return URI.create("http://127.0.0.1:%d%s".formatted(port(), target));
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Database database() {
        return database;
    }

    /// A blocking client of a person's.
    ChatServiceGrpc.ChatServiceBlockingStub as(String person) {
        return ChatServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(credentials(person)));
    }

    /// A session of a person's.
    Conversation session(String person) {
        return session(channel, person, true);
    }

    /// A session of one who takes only what is asked for, on a connection that holds little.
    Conversation idleSession(String person) {
        return session(idleChannel, person, false);
    }

    private static Conversation session(ManagedChannel channel, String person, boolean reads) {
        var stub =
                ChatServiceGrpc.newStub(channel)
                        .withInterceptors(
                                MetadataUtils.newAttachHeadersInterceptor(credentials(person)));
        return new Conversation(person, stub, reads);
    }

    /// Creates a room of a new name.
    String room() {
        return as("tester")
                .createRoom(
                        CreateRoomRequest.newBuilder()
                                .setRoomId("r" + UUID.randomUUID().toString().substring(0, 8))
                                .setRoom(Room.newBuilder().setTitle("Test"))
                                .build())
                .getId();
    }

    /// Says something in a room.
    Message say(String person, String room, String text) {
        return as(person)
                .sendMessage(SendMessageRequest.newBuilder().setRoom(room).setText(text).build());
    }

    private static Metadata credentials(String person) {
        var metadata = new Metadata();
        metadata.put(AUTHORIZATION, "Bearer " + person);
        return metadata;
    }

    /// Ends all calls, as a gateway does that stops.
    void drain() {
        try {
            assertThat(pipeline.drain(Duration.ofSeconds(5))).as("all calls have ended").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        drain();
        channel.shutdownNow();
        idleChannel.shutdownNow();
        server.stop();
        rpcs.close();
        feed.close();
        database.close();
    }
}
