package dev.heddle.users;

import dev.heddle.feed.Feed;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.LiveStream;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Token;
import dev.heddle.feed.Topics;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.feed.v1.Bye;
import dev.heddle.feed.v1.Reset;
import dev.heddle.rpc.Shared;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.WatchUsersResponse;
import java.util.List;

/// What happens to users, as events of the topic `users`: the user is the payload, its id the key.
final class UserEvents implements LiveStream.Words<WatchUsersResponse> {
    static final String TOPIC = "users";
    static final Topics TOPICS = Topics.of(TOPIC);

    private static final String CREATED = "user.created";
    private static final String UPDATED = "user.updated";
    private static final String DELETED = "user.deleted";
    private static final FeedEvent.Reading<WatchUsersResponse> READING = UserEvents::toMessage;

    private final Feed feed;

    UserEvents(Feed feed) {
        this.feed = feed;
    }

    void created(User user) {
        publish(CREATED, user);
    }

    void updated(User user) {
        publish(UPDATED, user);
    }

    /// @param user as it was last
    void deleted(User user) {
        publish(DELETED, user);
    }

    private void publish(String type, User user) {
        feed.publish(new NewEvent(TOPIC, type, user.getId(), Payloads.of(user)));
    }

    @Override
    public List<Shared<WatchUsersResponse>> of(List<FeedEvent> events) {
        return events.stream().map(event -> event.as(READING)).toList();
    }

    @Override
    public WatchUsersResponse of(Token token, Bookmark bookmark) {
        return at(token).setBookmark(bookmark).build();
    }

    @Override
    public WatchUsersResponse of(Token token, Reset reset) {
        return at(token).setReset(reset).build();
    }

    @Override
    public WatchUsersResponse of(Token token, Bye bye) {
        return at(token).setBye(bye).build();
    }

    static WatchUsersResponse.Builder at(Token token) {
        return WatchUsersResponse.newBuilder().setToken(token.toString());
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchUsersResponse toMessage(FeedEvent event) {
        var message = at(event.token());
        var user = Payloads.read(event.payload(), User.newBuilder());
        return switch (event.type()) {
            case CREATED -> message.setCreated(user).build();
            case UPDATED -> message.setUpdated(user).build();
            case DELETED -> message.setDeleted(user).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }
}
