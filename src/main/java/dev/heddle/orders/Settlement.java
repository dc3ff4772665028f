package dev.heddle.orders;

import com.google.protobuf.Message;
import dev.heddle.async.Lease;
import dev.heddle.async.Leases;
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
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

/// Pays and cancels: what moves money, which is outside of every transaction.
///
/// Such a step has three parts, under a lease of the order. A transaction writes down that it
/// begins, and its fencing token; the payment is made or returned; a second transaction writes down
/// what came of it. Whatever cuts it off between, the order tells that it had begun, and who asks
/// again repeats the middle, which does no harm. Who stands still for longer than the lease lasts
/// may be overtaken by one with a larger token: then he is refused by [Payments] or, at the latest,
/// by the second transaction.
final class Settlement {
    private final Database database;
    private final Orders orders;
    private final Stock stock;
    private final Payments payments;
    private final Leases leases;
    private final Duration leaseTime;

    Settlement(
            Database database,
            Orders orders,
            Stock stock,
            Payments payments,
            Leases leases,
            Duration leaseTime) {
        this.database = database;
        this.orders = orders;
        this.stock = stock;
        this.payments = payments;
        this.leases = leases;
        this.leaseTime = leaseTime;
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
        record Begun(Order order) implements Beginning {}
    }

    /// Takes the price of an order.
    Order pay(Request request) {
        return settle(request, lease -> pay(request, lease));
    }

    /// Returns the price of an order, if it was paid, and then its items.
    Order cancel(Request request) {
        return settle(request, lease -> cancel(request, lease));
    }

    /// Has a step made by one call at a time.
    private Order settle(Request request, Function<Lease, Order> step) {
        var lease =
                leases.tryAcquire("orders/" + request.order(), leaseTime)
                        .orElseThrow(() -> underWay(request.order().toString()));
        try {
            return step.apply(lease);
        } finally {
            lease.release();
        }
    }

    private Order pay(Request request, Lease lease) {
        return switch (begin(request, lease, Step.PAY, Transition.PAY)) {
            case Beginning.Answered(var answer) -> answer;
            case Beginning.Begun(var order) -> {
                var payment =
                        payments.take(
                                new Payments.Charge(
                                        request.order(),
                                        order.getUser(),
                                        order.getTotal(),
                                        lease.token()));
                yield end(
                        request,
                        lease,
                        db ->
                                orders.change(
                                        db,
                                        Transition.PAY,
                                        order.toBuilder().setPayment(payment).build()));
            }
        };
    }

    private Order cancel(Request request, Lease lease) {
        return switch (begin(request, lease, Step.CANCEL, Transition.CANCEL)) {
            case Beginning.Answered(var answer) -> answer;
            case Beginning.Begun(var order) -> {
                payments.giveBack(request.order(), lease.token());
                yield end(
                        request,
                        lease,
                        db -> {
                            stock.giveBack(db, Pricing.quantities(order));
                            return orders.change(db, Transition.CANCEL, order);
                        });
            }
        };
    }

    /// The answer to a repeated request is looked for under the order's lock: whoever gave it held
    /// that, too.
    private Beginning begin(Request request, Lease lease, Step step, Transition transition) {
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
                    .orElseGet(() -> begin(db, request, lease, stored, step, transition));
        });
    }

    private Beginning.Begun begin(
            DbExecute db,
            Request request,
            Lease lease,
            Stored stored,
            Step step,
            Transition transition) {
        var order = stored.order();
        Etags.check(request.etag(), order.getEtag(), "the order");
        transition.check(order);
        var isOvertaken = stored.fence() > lease.token();
        if (isOvertaken || (stored.step() == Step.CANCEL && step != Step.CANCEL)) {
            throw underWay(order.getId());
        }
        orders.store().begin(db, request.order(), step, lease.token());
        return new Beginning.Begun(order);
    }

    /// From the beginning to here the order can't have changed if the token is still the last one.
    private Order end(Request request, Lease lease, Database.Body<Order> change) {
        return RequestIds.once(
                database,
                request.call(),
                request.requestId(),
                request.message(),
                Order.parser(),
                db -> {
                    var stored = orders.lock(db, request.order());
                    if (stored.fence() != lease.token()) {
                        throw underWay(stored.order().getId());
                    }
                    return change.run(db);
                });
    }

    /// The failure of what must not happen while a payment is made or returned.
    static RpcException underWay(String order) {
        return new RpcException(
                        Code.ABORTED, "another call pays or cancels order \"%s\"".formatted(order))
                .withReason("PAYMENT_UNDER_WAY");
    }
}
