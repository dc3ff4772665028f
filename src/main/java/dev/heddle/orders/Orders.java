package dev.heddle.orders;

import dev.heddle.db.Condition;
import dev.heddle.db.Etags;
import dev.heddle.db.Ids;
import dev.heddle.db.Times;
import dev.heddle.orders.OrderStore.Stored;
import dev.heddle.orders.v1.Order;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

/// The orders, as those find and change them who are within a transaction.
///
/// @param store where they are
/// @param events who is told
record Orders(OrderStore store, OrderEvents events, Clock clock) {
    /// The id of an order that should be there.
    ///
    /// @throws RpcException NOT_FOUND for text that is no order's id
    static UUID parseId(String id) {
        return Ids.find(id).orElseThrow(() -> notFound(id));
    }

    static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no order \"%s\"".formatted(id))
                .withReason("ORDER_NOT_FOUND", Map.of("id", id));
    }

    /// The orders of a user; for empty text, of all.
    static Condition ofUser(String user) {
        return Condition.ownedBy("user_id", user);
    }

    /// An order that nobody else can change until the transaction ends.
    Stored lock(DbExecute db, UUID id) {
        return store.lock(db, id).orElseThrow(() -> notFound(id.toString()));
    }

    /// Takes a locked order from one state to another, and tells of it.
    ///
    /// @param order as it is to be, save for what each change changes
    /// @throws RpcException FAILED_PRECONDITION where its state does not allow that
    Order change(DbExecute db, Transition transition, Order order) {
        transition.check(order);
        var changed =
                order.toBuilder()
                        .setState(transition.to())
                        .setUpdateTime(Times.now(clock))
                        .setEtag(Etags.next(order.getEtag()))
                        .build();
        store.update(db, changed);
        events.changed(transition, changed);
        return changed;
    }
}
