package dev.heddle.documents;

import dev.heddle.documents.v1.Document;
import dev.heddle.documents.v1.WatchDocumentsResponse;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Token;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import io.helidon.dbclient.DbExecute;
import java.util.List;

/// A collection that somebody watches, and how a watch speaks of it.
///
/// @param store where its documents are
record DocumentWatch(DocumentStore store, String collection)
        implements StateStream.State<WatchDocumentsResponse> {
    private static final FeedEvent.Reading<WatchDocumentsResponse> READING =
            DocumentWatch::toMessage;

    @Override
    public void tell(DbExecute db, Outbound<WatchDocumentsResponse> out) {
        store.all(
                db,
                collection,
                document ->
                        out.send(
                                WatchDocumentsResponse.newBuilder().setExisting(document).build()));
    }

    @Override
    public List<Shared<WatchDocumentsResponse>> of(List<FeedEvent> events) {
        return events.stream().map(event -> event.as(READING)).toList();
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchDocumentsResponse toMessage(FeedEvent event) {
        var message = WatchDocumentsResponse.newBuilder().setToken(event.token().toString());
        var document = Payloads.read(event.payload(), Document.newBuilder());
        return switch (event.type()) {
            case DocumentEvents.CREATED -> message.setCreated(document).build();
            case DocumentEvents.UPDATED -> message.setUpdated(document).build();
            case DocumentEvents.DELETED -> message.setDeleted(document).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }

    @Override
    public WatchDocumentsResponse.Builder at(Token token) {
        return WatchDocumentsResponse.newBuilder().setToken(token.toString());
    }
}
