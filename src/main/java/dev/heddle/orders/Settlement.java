package dev.heddle.orders;

import com.google.protobuf.Message;
import dev.heddle.catalog.Stock;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.RequestIds;
import dev.heddle.orders.OrderStore.Stored;
import dev.heddle.orders.v1.Order;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.util.UUID;

/// Pays and cancels: what moves money, which is outside of every transaction.
///
/// Such a step has three parts. A transaction writes down that it begins, and its fencing token;
/// the payment is made or returned; a second transaction writes down what came of it. Whatever cuts
/// it off between, the order tells that it had begun, and who asks again repeats the middle, which
/// does no harm. Of two at a time the later has the larger token: the earlier is refused by
/// [Payments] or, at the latest, by the second transaction.
final class Settlement {
    private final Database database;
    private final Orders orders;
    private final Stock stock;
    private final Payments payments;

    Settlement(Database database, Orders orders, Stock stock, Payments payments) {
        this.database = database;
        this.orders = orders;
        this.stock = stock;
        this.payments = payments;
    }

    /// What a caller asks for.
    ///
    /// @param call who asks
    /// @param order the id of the order
    /// @param etag the version that it must have; empty: any
    /// @param requestId empty for a write that may be repeated
    /// @param message all that the caller sent
    record Request(Call call, UUID order, String etag, String requestId, Message message) {}

    /// How a step began.
    private sealed interface Beginning {
        /// It was made before, and answered so.
        record Answered(Order order) implements Beginning {}

        /// It is written down.
        record Begun(Order order, long fence) implements Beginning {}
    }

    /// Takes the price of an order.
    Order pay(Request request) {
        return switch (begin(request, Step.PAY, Transition.PAY)) {
            case Beginning.Answered(var answer) -> answer;
            case Beginning.Begun(var order, var fence) -> {
                var payment =
                        payments.take(
                                new Payments.Charge(
                                        request.order(), order.getUser(), order.getTotal(), fence));
                yield end(
                        request,
                        fence,
                        db ->
                                orders.change(
                                        db,
                                        Transition.PAY,
                                        order.toBuilder().setPayment(payment).build()));
            }
        };
    }

    /// Returns the price of an order, if it was paid, and then its items.
    Order cancel(Request request) {
        return switch (begin(request, Step.CANCEL, Transition.CANCEL)) {
            case Beginning.Answered(var answer) -> answer;
            case Beginning.Begun(var order, var fence) -> {
                payments.giveBack(request.order(), fence);
                yield end(
                        request,
                        fence,
                        db -> {
                            stock.giveBack(db, Pricing.quantities(order));
                            return orders.change(db, Transition.CANCEL, order);
                        });
            }
        };
    }

    /// The answer to a repeated request is looked for under the order's lock: whoever gave it held
    /// that, too.
    private Beginning begin(Request request, Step step, Transition transition) {
        return database.transaction(db -> {
            var stored = orders.lock(db, request.order());
            var answer =
                    RequestIds.find(
                            db,
                            request.call(),
                            request.requestId(),
                            request.message(),
                            Order.parser());
            return answer.<Beginning>map(Beginning.Answered::new)
                    .orElseGet(() -> begin(db, request, stored, step, transition));
        });
    }

    private Beginning.Begun begin(
            DbExecute db, Request request, Stored stored, Step step, Transition transition) {
        var order = stored.order();
        Etags.check(request.etag(), order.getEtag(), "the order");
        transition.check(order);
        if (stored.step() == Step.CANCEL && step != Step.CANCEL) {
            throw underWay(order.getId());
        }
        var fence = stored.fence() + 1;
        orders.store().begin(db, request.order(), step, fence);
        return new Beginning.Begun(order, fence);
    }

    /// From the beginning to here the order can't have changed if the token is still the last one.
    private Order end(Request request, long fence, Database.Body<Order> change) {
        return database.transaction(db ->
                RequestIds.once(
                        db,
                        request.call(),
                        request.requestId(),
                        request.message(),
                        Order.parser(),
                        () -> {
                            var stored = orders.lock(db, request.order());
                            if (stored.fence() != fence) {
                                throw underWay(stored.order().getId());
                            }
                            return change.run(db);
                        }));
    }

    /// The failure of what must not happen while a payment is made or returned.
    static RpcException underWay(String order) {
        return new RpcException(
                        Code.ABORTED, "another call pays or cancels order \"%s\"".formatted(order))
                .withReason("PAYMENT_UNDER_WAY");
    }
}
