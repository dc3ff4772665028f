package dev.heddle.chat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.heddle.chat.v1.Ack;
import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.chat.v1.ChatRequest;
import dev.heddle.chat.v1.DirectCommand;
import dev.heddle.chat.v1.JoinCommand;
import dev.heddle.chat.v1.LeaveCommand;
import dev.heddle.chat.v1.ListenCommand;
import dev.heddle.chat.v1.Refusal;
import dev.heddle.chat.v1.SendMessageRequest;
import dev.heddle.chat.v1.TypingCommand;
import dev.heddle.chat.v1.WatchRoomRequest;
import dev.heddle.feed.LiveStream;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// One session of one person. The call's own thread carries out commands, one after the other; each
/// room that was joined has a thread that tells what happens there.
final class ChatSession {
    private static final String INBOX = "";
    private static final String SPEAK = "chat.write";

    private final ChatParts parts;
    private final Call call;
    private final Outlet out;
    private final Followed followed;
    private final Membership membership;
    private final Map<String, Long> typed = new ConcurrentHashMap<>();

    ChatSession(ChatParts parts, Call call, Outbound<ChatEvent> out) {
        this.parts = parts;
        this.call = call;
        this.out = new Outlet(out);
        this.followed = new Followed(call, this.out);
        this.membership = new Membership(call.caller().subject());
    }

    /// Serves the caller until it ends its side, or goes.
    void run(Inbound<ChatRequest> in) throws InterruptedException {
        try (var _ = call.onDrain(this::sayGoodbye)) {
            for (var request : in) {
                answer(request);
            }
        } finally {
            followed.end();
            parts.presence().end(membership);
            followed.await();
        }
    }

    private void answer(ChatRequest request) throws InterruptedException {
        try {
            carryOut(request);
        } catch (RpcException e) {
            call.check();
            out.send(
                    ChatEvent.newBuilder()
                            .setRefusal(
                                    Refusal.newBuilder()
                                            .setId(request.getId())
                                            .setStatus(e.toStatus()))
                            .build());
        }
    }

    private void carryOut(ChatRequest request) throws InterruptedException {
        var ack = Ack.newBuilder().setId(request.getId());
        switch (request.getCommandCase()) {
            case JOIN -> join(valid(request.getJoin(), "join"), ack);
            case LEAVE -> leave(valid(request.getLeave(), "leave"), ack);
            case MESSAGE -> say(valid(request.getMessage(), "message"), ack);
            case DIRECT -> sayTo(valid(request.getDirect(), "direct"), ack);
            case TYPING -> type(valid(request.getTyping(), "typing"), ack);
            case LISTEN -> listen(valid(request.getListen(), "listen"), ack);
            case COMMAND_NOT_SET ->
                    throw RpcException.invalidField(
                            "command",
                            "none (expected: join, leave, message, direct, typing or listen)");
        }
    }

    /// The subscription is there before its person comes, so that the room tells of that, too.
    private void join(JoinCommand command, Ack.Builder ack) throws InterruptedException {
        var room = command.getRoom();
        checkNotFollowed(room);
        if (membership.rooms().size() >= parts.settings().maxRooms()) {
            throw new RpcException(
                            Code.RESOURCE_EXHAUSTED,
                            "%d rooms are joined (expected: at most %d a session)"
                                    .formatted(
                                            membership.rooms().size() + 1,
                                            parts.settings().maxRooms()))
                    .withReason("TOO_MANY_ROOMS");
        }
        var subscription = parts.subscriptions().room(watching(command), membership.person());
        try {
            parts.presence().join(membership, room);
            acknowledge(ack);
        } catch (RuntimeException e) {
            subscription.close();
            throw e;
        }
        followed.add(room, subscription, () -> forget(room));
    }

    private void forget(String room) {
        parts.presence().forget(membership, room);
        typed.remove(room);
    }

    private void leave(LeaveCommand command, Ack.Builder ack) {
        checkJoined(command.getRoom());
        followed.remove(command.getRoom());
        parts.presence().leave(membership, command.getRoom());
        typed.remove(command.getRoom());
        acknowledge(ack);
    }

    private void say(SendMessageRequest command, Ack.Builder ack) {
        checkMaySpeak();
        checkJoined(command.getRoom());
        acknowledge(ack.setMessage(parts.messages().send(command, call)));
    }

    private void sayTo(DirectCommand command, Ack.Builder ack) {
        checkMaySpeak();
        acknowledge(ack.setDirect(parts.messages().sendDirect(command, call)));
    }

    /// That somebody types is an event as any other, which has its place between messages and
    /// reaches every replica; what bounds it is how often it is published and how long it is told.
    private void type(TypingCommand command, Ack.Builder ack) {
        checkMaySpeak();
        checkJoined(command.getRoom());
        var now = System.nanoTime();
        var last = typed.get(command.getRoom());
        if (last == null || now - last >= parts.settings().typingInterval().toNanos()) {
            typed.put(command.getRoom(), now);
            parts.messages().typing(command.getRoom(), membership.person());
        }
        acknowledge(ack);
    }

    private void listen(ListenCommand command, Ack.Builder ack) throws InterruptedException {
        checkNotFollowed(INBOX);
        var subscription = parts.subscriptions().inbox(membership.person(), command.getFrom());
        try {
            acknowledge(ack);
        } catch (RuntimeException e) {
            subscription.close();
            throw e;
        }
        followed.add(INBOX, subscription, () -> {});
    }

    private void acknowledge(Ack.Builder ack) {
        out.send(ChatEvent.newBuilder().setAck(ack).build());
    }

    private void checkJoined(String room) {
        if (!followed.contains(room)) {
            throw new RpcException(
                            Code.FAILED_PRECONDITION,
                            "room \"%s\" is not joined (expected: join it first)".formatted(room))
                    .withReason("NOT_JOINED", Map.of("room", room));
        }
    }

    private void checkNotFollowed(String room) {
        if (followed.contains(room)) {
            throw new RpcException(
                            Code.FAILED_PRECONDITION,
                            room.equals(INBOX)
                                    ? "the session listens already"
                                    : "room \"%s\" is joined already".formatted(room))
                    .withReason("ALREADY_JOINED", Map.of("room", room));
        }
    }

    private void checkMaySpeak() {
        if (!call.caller().holds(SPEAK)) {
            throw RpcException.missingScope(SPEAK);
        }
    }

    private <M extends Message> M valid(M command, String name) {
        var fields =
                command.getDescriptorForType().getFields().stream()
                        .map(FieldDescriptor::getName)
                        .collect(Collectors.toSet());
        parts.validation().checkFields(command, name, fields);
        return command;
    }

    private static WatchRoomRequest watching(JoinCommand command) {
        var request =
                WatchRoomRequest.newBuilder().setRoom(command.getRoom()).setFrom(command.getFrom());
        if (command.hasLast()) {
            request.setLast(command.getLast());
        }
        return request.build();
    }

    /// Waits until each room has said goodbye, with a token of its own.
    private void sayGoodbye() {
        followed.await();
        call.cancel(RpcException.stopping(LiveStream.retryAfter()));
    }
}
