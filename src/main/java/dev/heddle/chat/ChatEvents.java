package dev.heddle.chat;

import com.google.protobuf.MessageOrBuilder;
import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.chat.v1.DirectMessage;
import dev.heddle.chat.v1.Member;
import dev.heddle.chat.v1.Message;
import dev.heddle.chat.v1.Room;
import dev.heddle.chat.v1.Typing;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/// What chat publishes, each within the transaction that makes it true, and how it is read.
final class ChatEvents {
    static final String TYPING = "chat.typing";
    static final String CLOSED = "chat.closed";

    private static final String MESSAGE = "chat.message";
    private static final String JOINED = "chat.joined";
    private static final String LEFT = "chat.left";
    private static final String DIRECT = "chat.direct";
    private static final String ROOM_PREFIX = "chat.";
    private static final String INBOX_PREFIX = "chat-user.";

    /// What is read of a topic of chat: a replica of another version may publish more.
    static final Set<String> TYPES = Set.of(MESSAGE, JOINED, LEFT, TYPING, DIRECT, CLOSED);

    /// One object, so that each event is read once for all.
    static final FeedEvent.Reading<ChatEvent> READING = ChatEvents::read;

    private final Feed feed;

    ChatEvents(Feed feed) {
        this.feed = feed;
    }

    static String roomTopic(String room) {
        return ROOM_PREFIX + room;
    }

    /// A digest, because a person's name may be any text, and topics have narrow names.
    static String inboxTopic(String person) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(person.getBytes(StandardCharsets.UTF_8));
            return INBOX_PREFIX + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void said(Message message) {
        publish(roomTopic(message.getRoom()), MESSAGE, "", message);
    }

    void saidTo(DirectMessage message) {
        publish(inboxTopic(message.getRecipient()), DIRECT, "", message);
    }

    void joined(String room, Member member) {
        publish(roomTopic(room), JOINED, member.getPerson(), member);
    }

    void left(String room, Member member) {
        publish(roomTopic(room), LEFT, member.getPerson(), member);
    }

    void typing(String room, String person) {
        publish(roomTopic(room), TYPING, "typing." + person, Typing.newBuilder().setPerson(person));
    }

    void closed(Room room) {
        publish(roomTopic(room.getId()), CLOSED, "", room);
    }

    private void publish(String topic, String type, String key, MessageOrBuilder payload) {
        feed.publish(new NewEvent(topic, type, key, Payloads.of(payload)));
    }

    private static ChatEvent read(FeedEvent event) {
        var read = ChatEvent.newBuilder().setToken(event.token().toString());
        if (event.topic().startsWith(ROOM_PREFIX)) {
            read.setRoom(event.topic().substring(ROOM_PREFIX.length()));
        }
        com.google.protobuf.Message.Builder kind =
                switch (event.type()) {
                    case MESSAGE -> read.getMessageBuilder();
                    case JOINED -> read.getJoinedBuilder();
                    case LEFT -> read.getLeftBuilder();
                    case TYPING -> read.getTypingBuilder();
                    case DIRECT -> read.getDirectBuilder();
                    case CLOSED -> read.getClosedBuilder();
                    default -> throw new IllegalStateException("event " + event);
                };
        Payloads.read(event.payload(), kind);
        return read.build();
    }
}
