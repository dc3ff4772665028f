package dev.heddle.orders;

import dev.heddle.db.Condition;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Token;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.WatchOrdersRequest;
import dev.heddle.orders.v1.WatchOrdersResponse;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The orders that somebody watches, and how a watch speaks of them.
///
/// @param store where they are
/// @param id the only one of them; empty for all
/// @param user whose they are; empty text for everybody's
record OrderWatch(OrderStore store, Optional<UUID> id, String user)
        implements StateStream.State<WatchOrdersResponse> {
    private static final FeedEvent.Reading<WatchOrdersResponse> READING = OrderWatch::toMessage;

    /// @param user whose; empty text for everybody's
    /// @throws dev.heddle.rpc.RpcException NOT_FOUND for text that is no id
    static OrderWatch of(WatchOrdersRequest request, String user, OrderStore store) {
        return new OrderWatch(
                store,
                request.getId().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Orders.parseId(request.getId())),
                user);
    }

    Selection changes() {
        return new Selection(
                OrderEvents.TOPICS,
                Set.of(),
                id.map(only -> Set.of(only.toString())).orElse(Set.of()));
    }

    @Override
    public void tell(DbExecute db, Outbound<WatchOrdersResponse> out) {
        var only =
                id.map(order ->
                                new Condition(
                                        "(id = CAST(:id AS uuid))", Map.of("id", order.toString())))
                        .orElse(Condition.TRUE);
        store.export(
                db,
                only.and(Orders.ofUser(user)),
                order -> out.send(WatchOrdersResponse.newBuilder().setExisting(order).build()));
    }

    @Override
    public List<Shared<WatchOrdersResponse>> of(List<FeedEvent> events) {
        return events.stream()
                .map(event -> event.as(READING))
                .filter(each -> isWanted(each.message()))
                .toList();
    }

    private boolean isWanted(WatchOrdersResponse message) {
        return user.isEmpty()
                || switch (message.getKindCase()) {
                    case PLACED -> message.getPlaced().getUser().equals(user);
                    case PAID -> message.getPaid().getUser().equals(user);
                    case SHIPPED -> message.getShipped().getUser().equals(user);
                    case CANCELLED -> message.getCancelled().getUser().equals(user);
                    case EXISTING, SYNCED, BOOKMARK, RESET, BYE, KIND_NOT_SET -> true;
                };
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchOrdersResponse toMessage(FeedEvent event) {
        var message = WatchOrdersResponse.newBuilder().setToken(event.token().toString());
        var order = Payloads.read(event.payload(), Order.newBuilder());
        return switch (event.type()) {
            case OrderEvents.PLACED -> message.setPlaced(order).build();
            case OrderEvents.PAID -> message.setPaid(order).build();
            case OrderEvents.SHIPPED -> message.setShipped(order).build();
            case OrderEvents.CANCELLED -> message.setCancelled(order).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }

    @Override
    public WatchOrdersResponse.Builder at(Token token) {
        return WatchOrdersResponse.newBuilder().setToken(token.toString());
    }
}
