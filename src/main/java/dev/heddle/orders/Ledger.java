package dev.heddle.orders;

import dev.heddle.db.Database;
import dev.heddle.db.Ids;
import dev.heddle.db.Times;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Clock;
import java.util.UUID;

/// Payment on account: the store writes down what each order owes it, in its own database.
public final class Ledger implements Payments {
    private final Database database;
    private final Clock clock;
    private final LedgerStore store = new LedgerStore();
    private final Ids ids = new Ids();

    public Ledger(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public String take(Charge charge) {
        return database.transaction(db -> store.take(db, charge, ids.next(), Times.now(clock)))
                .orElseThrow(() -> refused(charge.order()));
    }

    @Override
    public void giveBack(UUID order, long fence) {
        var done = database.transaction(db -> store.giveBack(db, order, fence, Times.now(clock)));
        if (!done) {
            throw refused(order);
        }
    }

    private static RpcException refused(UUID order) {
        return new RpcException(
                        Code.ABORTED,
                        "another call has paid or cancelled order \"%s\" meanwhile"
                                .formatted(order))
                .withReason("PAYMENT_OVERTAKEN");
    }
}
