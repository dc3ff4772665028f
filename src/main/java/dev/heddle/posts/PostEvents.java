package dev.heddle.posts;

import com.google.protobuf.Message;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Topics;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.posts.v1.Comment;
import dev.heddle.posts.v1.Post;
import dev.heddle.posts.v1.WatchPostResponse;
import java.util.UUID;

/// What happens to posts and comments, as events of a topic for each post.
///
/// @param feed where it is published, within the transaction of the change
record PostEvents(Feed feed) {
    /// How a watcher learns of an event.
    static final FeedEvent.Reading<WatchPostResponse> READING = PostEvents::toMessage;

    private static final String PREFIX = "posts.";
    private static final String CREATED = "post.created";
    private static final String UPDATED = "post.updated";
    private static final String DELETED = "post.deleted";
    private static final String COMMENT_CREATED = "comment.created";
    private static final String COMMENT_DELETED = "comment.deleted";

    static Topics topics(UUID post) {
        return Topics.of(PREFIX + post);
    }

    void created(Post post) {
        publish(post.getId(), CREATED, post.getId(), post);
    }

    void updated(Post post) {
        publish(post.getId(), UPDATED, post.getId(), post);
    }

    /// @param post as it was last
    void deleted(Post post) {
        publish(post.getId(), DELETED, post.getId(), post);
    }

    void created(Comment comment) {
        publish(comment.getPost(), COMMENT_CREATED, comment.getId(), comment);
    }

    void deleted(Comment comment) {
        publish(comment.getPost(), COMMENT_DELETED, comment.getId(), comment);
    }

    private void publish(String post, String type, String key, Message payload) {
        feed.publish(new NewEvent(PREFIX + post, type, key, Payloads.of(payload)));
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchPostResponse toMessage(FeedEvent event) {
        var message = WatchPostResponse.newBuilder().setToken(event.token().toString());
        return switch (event.type()) {
            case CREATED -> message.setCreated(post(event)).build();
            case UPDATED -> message.setUpdated(post(event)).build();
            case DELETED -> message.setDeleted(post(event)).build();
            case COMMENT_CREATED -> message.setCommentCreated(comment(event)).build();
            case COMMENT_DELETED -> message.setCommentDeleted(comment(event)).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }

    private static Post.Builder post(FeedEvent event) {
        return Payloads.read(event.payload(), Post.newBuilder());
    }

    private static Comment.Builder comment(FeedEvent event) {
        return Payloads.read(event.payload(), Comment.newBuilder());
    }
}
