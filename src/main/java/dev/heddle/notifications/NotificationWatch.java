package dev.heddle.notifications;

import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Token;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.notifications.v1.Notification;
import dev.heddle.notifications.v1.WatchNotificationsResponse;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// The notifications of a user that somebody watches, and how a watch speaks of them.
///
/// @param store where they are
record NotificationWatch(NotificationStore store, UUID user)
        implements StateStream.State<WatchNotificationsResponse> {
    private static final FeedEvent.Reading<WatchNotificationsResponse> READING =
            NotificationWatch::toMessage;

    Selection changes() {
        return new Selection(NotificationEvents.topics(user.toString()), Set.of(), Set.of());
    }

    @Override
    public void tell(DbExecute db, Outbound<WatchNotificationsResponse> out) {
        store.unread(
                db,
                user,
                notification ->
                        out.send(
                                WatchNotificationsResponse.newBuilder()
                                        .setExisting(notification)
                                        .build()));
    }

    @Override
    public List<Shared<WatchNotificationsResponse>> of(List<FeedEvent> events) {
        return events.stream().map(event -> event.as(READING)).toList();
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchNotificationsResponse toMessage(FeedEvent event) {
        var message = WatchNotificationsResponse.newBuilder().setToken(event.token().toString());
        var notification = Payloads.read(event.payload(), Notification.newBuilder());
        return switch (event.type()) {
            case NotificationEvents.CREATED -> message.setCreated(notification).build();
            case NotificationEvents.READ -> message.setRead(notification).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }

    @Override
    public WatchNotificationsResponse.Builder at(Token token) {
        return WatchNotificationsResponse.newBuilder().setToken(token.toString());
    }
}
