package dev.heddle.users;

import dev.heddle.feed.Feed;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Topics;
import dev.heddle.users.v1.User;

/// What happens to users, as events of the topic `users`: the user is the payload, its id the key.
///
/// @param feed where it is published, within the transaction of the change
record UserEvents(Feed feed) {
    static final String CREATED = "user.created";
    static final String UPDATED = "user.updated";
    static final String DELETED = "user.deleted";
    static final String TOPIC = "users";
    static final Topics TOPICS = Topics.of(TOPIC);

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
}
