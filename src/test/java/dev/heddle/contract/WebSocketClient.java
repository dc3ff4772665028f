package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.rpc.RpcException;
import dev.heddle.websocket.v1.Envelope;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The JDK's WebSocket client, with either sub-protocol.
final class WebSocketClient implements FramingClient {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int NORMAL = 1000;

    /// What every client may send at first.
    private static final int INITIAL_CREDIT = 16;

    /// What this one wants to get at once.
    private static final int CREDIT = 8;

    private static final JsonFormat.Parser JSON =
            JsonFormat.parser().usingTypeRegistry(Transcoding.DETAILS);

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI gateway;
    private final boolean isJson;

    WebSocketClient(URI gateway, boolean isJson) {
        this.gateway = gateway;
        this.isJson = isJson;
    }

    @Override
    public <Q extends Message, R extends Message> void call(
            MethodDescriptor<Q, R> method, List<Q> requests, Options options, Consumer<R> each) {
        var socket = open(method);
        var sender =
                Thread.startVirtualThread(() -> {
                    socket.begin(requests.getFirst(), options);
                    requests.stream().skip(1).forEach(socket::send);
                    if (!method.getType().clientSendsOneMessage()) {
                        socket.send(Envelope.newBuilder().setType("half-close"));
                    }
                });
        try {
            socket.receive(message -> each.accept(message(method, message)));
        } finally {
            sender.interrupt();
            socket.webSocket().abort();
        }
    }

    @Override
    public <Q extends Message, R extends Message> void abandon(
            MethodDescriptor<Q, R> method, Q request, Options options) {
        var socket = open(method);
        socket.begin(request, options);
        assertThat(socket.next().getType()).isEqualTo("message");
        socket.webSocket().abort();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Socket open(MethodDescriptor<?, ?> method) {
        var uri =
                URI.create(
                        "ws://127.0.0.1:%d/ws/%s"
                                .formatted(gateway.getPort(), method.getFullMethodName()));
        var socket = new Socket();
        socket.webSocket =
                client.newWebSocketBuilder()
                        .subprotocols(isJson ? "heddle.json" : "heddle.proto")
                        .buildAsync(uri, socket)
                        .join();
        return socket;
    }

    @SuppressWarnings("unchecked")
    private <R extends Message> R message(MethodDescriptor<?, R> method, ByteString payload) {
        var marshaller = (PrototypeMarshaller<R>) method.getResponseMarshaller();
        var builder = Objects.requireNonNull(marshaller.getMessagePrototype()).newBuilderForType();
        try {
            if (isJson) {
                JSON.merge(payload.toStringUtf8(), builder);
            } else {
                builder.mergeFrom(payload);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("not a message: " + payload.toStringUtf8(), e);
        }
        return (R) builder.build();
    }

    /// One socket; how it was closed comes behind its envelopes, as one of type `closed`.
    private final class Socket implements WebSocket.Listener {
        private final BlockingQueue<Envelope> received = new LinkedBlockingQueue<>();
        private final Semaphore credit = new Semaphore(INITIAL_CREDIT);
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private @Nullable WebSocket webSocket;

        WebSocket webSocket() {
            return Objects.requireNonNull(webSocket);
        }

        void begin(Message first, Options options) {
            var request =
                    Envelope.newBuilder()
                            .setType("request")
                            .setMessage(payload(first))
                            .setCredit(CREDIT);
            options.token()
                    .ifPresent(token -> request.putMetadata("authorization", "Bearer " + token));
            options.timeout()
                    .ifPresent(timeout ->
                            request.setTimeout(Durations.fromMillis(timeout.toMillis())));
            send(request);
        }

        void send(Message message) {
            try {
                if (!credit.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new CutException("no credit");
                }
            } catch (InterruptedException _) {
                // the call has ended before all was sent
                return;
            }
            send(Envelope.newBuilder().setType("message").setMessage(payload(message)));
        }

        /// Sends an envelope; without effect if the gateway has closed the socket meanwhile: what
        /// it said before tells why.
        synchronized void send(Envelope.Builder envelope) {
            if (webSocket().isOutputClosed()) {
                return;
            }
            var sent =
                    isJson
                            ? webSocket().sendText(json(envelope), true)
                            : webSocket()
                                    .sendBinary(
                                            ByteBuffer.wrap(envelope.build().toByteArray()), true);
            sent.exceptionally(_ -> webSocket()).join();
        }

        void receive(Consumer<ByteString> each) {
            for (var next = next(); ; next = next()) {
                switch (next.getType()) {
                    case "message" -> {
                        each.accept(next.getMessage());
                        send(Envelope.newBuilder().setType("credit").setCredit(1));
                    }
                    case "end" -> {
                        assertThat(next().getCredit()).as("close code").isEqualTo(NORMAL);
                        return;
                    }
                    case "error" -> {
                        assertThat(next().getCredit()).as("close code").isNotEqualTo(NORMAL);
                        throw RpcException.of(next.getStatus());
                    }
                    default -> throw new CutException(next.toString());
                }
            }
        }

        Envelope next() {
            try {
                var next = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (next == null) {
                    throw new CutException("nothing for " + PATIENCE);
                }
                return next;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private ByteString payload(Message message) {
            return isJson
                    ? ByteString.copyFromUtf8(Transcoding.json(message))
                    : message.toByteString();
        }

        private String json(Envelope.Builder envelope) {
            var message = envelope.getMessage().toStringUtf8();
            var rest = Transcoding.json(envelope.clearMessage().build());
            return message.isEmpty()
                    ? rest
                    : rest.substring(0, rest.length() - 1) + ",\"message\":" + message + "}";
        }

        private Envelope parse(String json) {
            try {
                var members = Struct.newBuilder();
                JSON.merge(json, members);
                var message = Optional.ofNullable(members.getFieldsMap().get("message"));
                var envelope = Envelope.newBuilder();
                JSON.merge(Transcoding.json(members.removeFields("message").build()), envelope);
                message.ifPresent(value ->
                        envelope.setMessage(ByteString.copyFromUtf8(Transcoding.json(value))));
                return envelope.build();
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("not an envelope: " + json, e);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                add(parse(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer data, boolean last) {
            var piece = new byte[data.remaining()];
            data.get(piece);
            bytes.writeBytes(piece);
            if (last) {
                try {
                    add(Envelope.parseFrom(bytes.toByteArray()));
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException("not an envelope", e);
                }
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        private void add(Envelope envelope) {
            if (envelope.getType().equals("credit")) {
                credit.release(envelope.getCredit());
            } else {
                received.add(envelope);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            received.add(Envelope.newBuilder().setType("closed").setCredit(code).build());
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            received.add(Envelope.newBuilder().setType(String.valueOf(error)).build());
        }
    }
}
