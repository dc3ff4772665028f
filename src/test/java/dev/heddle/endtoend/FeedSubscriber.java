package dev.heddle.endtoend;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.SubscribeRequest;
import dev.heddle.events.v1.SubscribeResponse;
import dev.heddle.websocket.v1.Envelope;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A subscriber to one topic, who goes on from the last token that it has got whenever its stream
/// ends, and then over another framing than before.
final class FeedSubscriber {
    private static final long PATIENCE_SECONDS = 60;

    private final String topic;
    private final String lastKey;
    private final Supplier<HeddleProcess> gateways;
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final AtomicInteger streams = new AtomicInteger();
    private Framing framing;
    private String token = "earliest";

    enum Framing {
        SSE,
        WEB_SOCKET,
        GRPC;

        Framing next() {
            var all = List.of(values());
            return all.get((all.indexOf(this) + 1) % all.size());
        }
    }

    /// A stream ended.
    private static final class EndedException extends Exception {
        private static final long serialVersionUID = 1L;

        EndedException(String reason) {
            super(reason);
        }
    }

    /// @param lastKey the key of the event with which it is done
    /// @param gateways a gateway, which may be gone a moment later
    FeedSubscriber(String topic, String lastKey, Framing first, Supplier<HeddleProcess> gateways) {
        this.topic = topic;
        this.lastKey = lastKey;
        this.framing = first;
        this.gateways = gateways;
    }

    /// The keys of the events that it has got.
    List<String> keys() {
        return keys;
    }

    /// How many streams it has opened.
    int streams() {
        return streams.get();
    }

    /// Reads until it is done.
    Void run() throws Exception {
        while (!isDone()) {
            var gateway = gateways.get();
            streams.incrementAndGet();
            try {
                switch (framing) {
                    case SSE -> readSse(gateway);
                    case WEB_SOCKET -> readWebSocket(gateway);
                    case GRPC -> readGrpc(gateway);
                }
            } catch (IOException
                    | UncheckedIOException
                    | CompletionException
                    | StatusRuntimeException
                    | EndedException _) {
                // its gateway is gone, or has no database: on with another
            }
            framing = framing.next();
        }
        return null;
    }

    private boolean isDone() {
        return !keys.isEmpty() && keys.getLast().equals(lastKey);
    }

    private void take(SubscribeResponse response) {
        switch (response.getKindCase()) {
            case EVENT -> keys.add(response.getEvent().getKey());
            case RESET -> throw new AssertionError("a reset after " + keys.size() + " events");
            case BOOKMARK, BYE, KIND_NOT_SET -> {}
        }
        token = response.getToken();
    }

    private void readSse(HeddleProcess gateway) throws Exception {
        try (var client = gateway.client()) {
            var stream =
                    client.stream(
                            "/v1/topics/%s/events?from=%s".formatted(topic, token),
                            "text/event-stream");
            if (stream.statusCode() != 200) {
                throw new EndedException("status " + stream.statusCode());
            }
            try (var reader =
                    new BufferedReader(
                            new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); !isDone(); line = reader.readLine()) {
                    if (line == null || line.startsWith("event: e")) {
                        throw new EndedException("end of the stream");
                    }
                    if (line.startsWith("data: ")) {
                        take(parse(line.substring("data: ".length())));
                    }
                }
            }
        }
    }

    private static SubscribeResponse parse(String json) throws InvalidProtocolBufferException {
        var response = SubscribeResponse.newBuilder();
        JsonFormat.parser().merge(json, response);
        return response.build();
    }

    private void readGrpc(HeddleProcess gateway) throws Exception {
        var channel =
                NettyChannelBuilder.forAddress("127.0.0.1", gateway.port()).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + gateway.token());
            var responses =
                    EventServiceGrpc.newBlockingStub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                            .subscribe(request());
            while (!isDone() && responses.hasNext()) {
                take(responses.next());
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private SubscribeRequest request() {
        return SubscribeRequest.newBuilder().setTopic(topic).setFrom(token).build();
    }

    private void readWebSocket(HeddleProcess gateway) throws Exception {
        var frames = new Frames();
        try (var client = HttpClient.newHttpClient()) {
            var socket =
                    client.newWebSocketBuilder()
                            .subprotocols("heddle.proto")
                            .header("authorization", "Bearer " + gateway.token())
                            .buildAsync(
                                    URI.create(
                                            "ws://127.0.0.1:%d/ws/heddle.events.v1.EventService/Subscribe"
                                                    .formatted(gateway.port())),
                                    frames)
                            .join();
            try {
                var begin =
                        Envelope.newBuilder()
                                .setType("request")
                                .setMessage(request().toByteString())
                                .build();
                socket.sendBinary(ByteBuffer.wrap(begin.toByteArray()), true).join();
                while (!isDone()) {
                    var envelope = frames.next();
                    if (!envelope.getType().equals("message")) {
                        throw new EndedException(envelope.toString());
                    }
                    take(SubscribeResponse.parseFrom(envelope.getMessage()));
                }
            } finally {
                socket.abort();
                client.shutdownNow();
            }
        }
    }

    /// What a socket has got, and last how it ended.
    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<Envelope> received = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Envelope next() throws InterruptedException, EndedException {
            var next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new EndedException("silence");
            }
            return next;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer data, boolean last) {
            var piece = new byte[data.remaining()];
            data.get(piece);
            bytes.writeBytes(piece);
            if (last) {
                try {
                    received.add(Envelope.parseFrom(bytes.toByteArray()));
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException("not an envelope", e);
                }
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            received.add(Envelope.newBuilder().setType("closed").build());
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            received.add(Envelope.newBuilder().setType(String.valueOf(error)).build());
        }
    }
}
