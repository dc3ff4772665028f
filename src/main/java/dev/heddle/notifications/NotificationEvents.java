package dev.heddle.notifications;

import dev.heddle.feed.Feed;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Topics;
import dev.heddle.notifications.v1.Notification;

/// What happens to notifications, as events of a topic for each user: the notification is the
/// payload, its id the key.
///
/// @param feed where it is published, within the transaction of the change
record NotificationEvents(Feed feed) {
    static final String CREATED = "notification.created";
    static final String READ = "notification.read";

    static Topics topics(String user) {
        return Topics.of(topic(user));
    }

    void created(Notification notification) {
        publish(CREATED, notification);
    }

    void read(Notification notification) {
        publish(READ, notification);
    }

    private void publish(String type, Notification notification) {
        feed.publish(
                new NewEvent(
                        topic(notification.getUser()),
                        type,
                        notification.getId(),
                        Payloads.of(notification)));
    }

    private static String topic(String user) {
        return "notifications." + user;
    }
}
