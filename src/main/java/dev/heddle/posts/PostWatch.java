package dev.heddle.posts;

import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.Selection;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Token;
import dev.heddle.posts.v1.WatchPostResponse;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.UUID;

/// A post that somebody watches, and how a watch speaks of it.
///
/// @param posts where it is
/// @param comments where its comments are
record PostWatch(PostStore posts, CommentStore comments, UUID id)
        implements StateStream.State<WatchPostResponse> {
    Selection changes() {
        return Selection.of(PostEvents.topics(id));
    }

    /// @throws dev.heddle.rpc.RpcException NOT_FOUND if the post is not there, also where it was
    ///   when the watch began
    @Override
    public void tell(DbExecute db, Outbound<WatchPostResponse> out) {
        var reading = posts.get(db, id).orElseThrow(() -> PostIds.notFound(id.toString()));
        out.send(WatchPostResponse.newBuilder().setExisting(reading.post()).build());
        comments.all(
                db,
                id,
                comment ->
                        out.send(
                                WatchPostResponse.newBuilder()
                                        .setExistingComment(comment)
                                        .build()));
    }

    @Override
    public List<Shared<WatchPostResponse>> of(List<FeedEvent> events) {
        return events.stream().map(event -> event.as(PostEvents.READING)).toList();
    }

    @Override
    public WatchPostResponse.Builder at(Token token) {
        return WatchPostResponse.newBuilder().setToken(token.toString());
    }
}
