package dev.heddle.chat;

import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.chat.v1.ChatEvent.KindCase;
import dev.heddle.chat.v1.ChatRequest;
import dev.heddle.chat.v1.ChatServiceGrpc;
import dev.heddle.chat.v1.DirectCommand;
import dev.heddle.chat.v1.JoinCommand;
import dev.heddle.chat.v1.ListenCommand;
import dev.heddle.chat.v1.SendMessageRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A session over gRPC.
final class Conversation implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 15;

    private final String person;
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final Deque<Object> before = new ArrayDeque<>();
    private @Nullable ClientCallStreamObserver<ChatRequest> out;
    private int commands;

    /// Begins a session.
    ///
    /// @param reads whether it takes what comes without being asked to
    Conversation(String person, ChatServiceGrpc.ChatServiceStub stub, boolean reads) {
        this.person = person;
        stub.chat(
                new ClientResponseObserver<ChatRequest, ChatEvent>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<ChatRequest> stream) {
                        out = stream;
                        if (!reads) {
                            stream.disableAutoRequestWithInitial(0);
                        }
                    }

                    @Override
                    public void onNext(ChatEvent event) {
                        received.add(event);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        received.add(Status.fromThrowable(failure));
                    }

                    @Override
                    public void onCompleted() {
                        received.add(Status.OK);
                    }
                });
    }

    private ClientCallStreamObserver<ChatRequest> out() {
        return Objects.requireNonNull(out);
    }

    /// Takes so much more of what comes.
    void take(int count) {
        out().request(count);
    }

    String send(ChatRequest.Builder command) {
        var id = person + "-" + ++commands;
        out().onNext(command.setId(id).build());
        return id;
    }

    /// Sends a command, and waits until it was carried out.
    ChatEvent command(ChatRequest.Builder command) {
        var id = send(command);
        return answer(event -> event.getAck().getId().equals(id));
    }

    /// Sends a command, and waits until it was refused.
    com.google.rpc.Status refused(ChatRequest.Builder command) {
        var id = send(command);
        return answer(event -> event.getRefusal().getId().equals(id)).getRefusal().getStatus();
    }

    void join(String room) {
        command(ChatRequest.newBuilder().setJoin(JoinCommand.newBuilder().setRoom(room)));
        await(KindCase.SYNCED);
    }

    ChatEvent resume(String room, String token) {
        return command(
                ChatRequest.newBuilder()
                        .setJoin(JoinCommand.newBuilder().setRoom(room).setFrom(token)));
    }

    ChatEvent listen(String token) {
        return command(
                ChatRequest.newBuilder().setListen(ListenCommand.newBuilder().setFrom(token)));
    }

    ChatEvent tell(String recipient, String text) {
        return command(
                ChatRequest.newBuilder()
                        .setDirect(
                                DirectCommand.newBuilder().setRecipient(recipient).setText(text)));
    }

    ChatEvent say(String room, String text) {
        return command(
                ChatRequest.newBuilder()
                        .setMessage(SendMessageRequest.newBuilder().setRoom(room).setText(text)));
    }

    /// An answer, whatever comes before it being kept for later.
    private ChatEvent answer(Predicate<ChatEvent> wanted) {
        while (true) {
            var next = poll();
            if (next instanceof ChatEvent event && wanted.test(event)) {
                return event;
            }
            if (next instanceof Status status) {
                throw new AssertionError("the session has ended: " + status);
            }
            before.add(next);
        }
    }

    /// The next event of a kind; those before are dropped.
    ChatEvent await(KindCase kind) {
        return await(event -> event.getKindCase() == kind);
    }

    ChatEvent await(Predicate<ChatEvent> wanted) {
        while (true) {
            var next = next();
            if (next instanceof Status status) {
                throw new AssertionError("the session has ended: " + status);
            }
            if (next instanceof ChatEvent event && wanted.test(event)) {
                return event;
            }
        }
    }

    /// The next event, or the status at the end.
    Object next() {
        return before.isEmpty() ? poll() : before.removeFirst();
    }

    private Object poll() {
        try {
            var next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came for " + person);
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Status end() {
        while (true) {
            if (next() instanceof Status status) {
                return status;
            }
        }
    }

    /// Ends this side, and waits for the other.
    Status leave() {
        out().onCompleted();
        return end();
    }

    @Override
    public void close() {
        out().cancel("the test is over", null);
    }
}
