package dev.heddle.users;

import dev.heddle.db.Condition;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Token;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.WatchUsersRequest;
import dev.heddle.users.v1.WatchUsersResponse;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The users that somebody watches, and how a watch speaks of them.
///
/// @param store where they are
/// @param id the only one of them; empty for all
record UserWatch(UserStore store, Optional<UUID> id)
        implements StateStream.State<WatchUsersResponse> {
    private static final FeedEvent.Reading<WatchUsersResponse> READING = UserWatch::toMessage;

    /// @throws dev.heddle.rpc.RpcException NOT_FOUND for text that is no id
    static UserWatch of(WatchUsersRequest request, UserStore store) {
        return new UserWatch(
                store,
                request.getId().isEmpty()
                        ? Optional.empty()
                        : Optional.of(UserIds.parse(request.getId())));
    }

    Selection changes() {
        return new Selection(
                UserEvents.TOPICS,
                Set.of(),
                id.map(only -> Set.of(only.toString())).orElse(Set.of()));
    }

    @Override
    public void tell(DbExecute db, Outbound<WatchUsersResponse> out) {
        var condition =
                id.map(only ->
                                new Condition(
                                        "(id = CAST(:id AS uuid))", Map.of("id", only.toString())))
                        .orElse(Condition.TRUE);
        store.export(
                db,
                condition,
                user -> out.send(WatchUsersResponse.newBuilder().setExisting(user).build()));
    }

    @Override
    public List<Shared<WatchUsersResponse>> of(List<FeedEvent> events) {
        return events.stream().map(event -> event.as(READING)).toList();
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchUsersResponse toMessage(FeedEvent event) {
        var message = WatchUsersResponse.newBuilder().setToken(event.token().toString());
        var user = Payloads.read(event.payload(), User.newBuilder());
        return switch (event.type()) {
            case UserEvents.CREATED -> message.setCreated(user).build();
            case UserEvents.UPDATED -> message.setUpdated(user).build();
            case UserEvents.DELETED -> message.setDeleted(user).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }

    @Override
    public WatchUsersResponse.Builder at(Token token) {
        return WatchUsersResponse.newBuilder().setToken(token.toString());
    }
}
