package dev.heddle.files;

import dev.heddle.feed.Feed;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.files.v1.File;

/// What happens to files, as events of the topic `files`: the file is the payload, its id the key.
///
/// @param feed where it is published, within the transaction of the change
record FileEvents(Feed feed) {
    private static final String TOPIC = "files";

    void created(File file) {
        publish("file.created", file);
    }

    void updated(File file) {
        publish("file.updated", file);
    }

    /// @param file as it was last
    void deleted(File file) {
        publish("file.deleted", file);
    }

    private void publish(String type, File file) {
        feed.publish(new NewEvent(TOPIC, type, file.getId(), Payloads.of(file)));
    }
}
