package dev.heddle.documents;

import dev.heddle.documents.v1.Document;
import dev.heddle.feed.Feed;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;

/// What happens to documents, as events of a topic for each collection: the document is the payload,
/// its id the key.
///
/// @param feed where it is published, within the transaction of the change
record DocumentEvents(Feed feed) {
    static final String CREATED = "document.created";
    static final String UPDATED = "document.updated";
    static final String DELETED = "document.deleted";

    static String topic(String collection) {
        return "documents." + collection;
    }

    void publish(String type, Document document) {
        feed.publish(
                new NewEvent(
                        topic(document.getCollection()),
                        type,
                        document.getId(),
                        Payloads.of(document)));
    }
}
