package dev.heddle.orders;

import com.google.protobuf.Timestamp;
import dev.heddle.db.Row;
import dev.heddle.db.Times;
import dev.heddle.money.Amounts;
import dev.heddle.orders.Payments.Charge;
import io.helidon.dbclient.DbExecute;
import java.util.Optional;
import java.util.UUID;

/// The table `payments`.
final class LedgerStore {
    /// Writes a payment down, if it is not there.
    ///
    /// @param reference what it is to be known by
    /// @return what it is known by; empty where it was returned, or for a token that is too small
    Optional<String> take(DbExecute db, Charge charge, String reference, Timestamp time) {
        return db.createNamedGet(
                        "payments.take",
                        """
                        INSERT INTO payments AS paid
                          (order_id, reference, amount, currency, returned, fence, update_time)
                        VALUES (CAST(:order AS uuid), :reference, :amount, :currency, FALSE,
                                :fence, :time)
                        ON CONFLICT (order_id) DO UPDATE
                        SET fence = excluded.fence
                        WHERE paid.fence <= excluded.fence AND NOT paid.returned
                        RETURNING reference
                        """)
                .addParam("order", charge.order().toString())
                .addParam("reference", reference)
                .addParam("amount", Amounts.of(charge.amount()))
                .addParam("currency", charge.amount().getCurrencyCode())
                .addParam("fence", charge.fence())
                .addParam("time", Times.parameter(time))
                .execute()
                .map(row -> Row.of(row).text(1));
    }

    /// Writes down that a payment was returned, also where there was none.
    ///
    /// @return false for a token that is too small
    boolean giveBack(DbExecute db, UUID order, long fence, Timestamp time) {
        return db.createNamedInsert(
                                "payments.give_back",
                                """
                                INSERT INTO payments AS paid
                                  (order_id, reference, amount, currency, returned, fence,
                                   update_time)
                                VALUES (CAST(:order AS uuid), '', 0, '', TRUE, :fence, :time)
                                ON CONFLICT (order_id) DO UPDATE
                                SET returned = TRUE, fence = excluded.fence,
                                    update_time = excluded.update_time
                                WHERE paid.fence <= excluded.fence
                                """)
                        .addParam("order", order.toString())
                        .addParam("fence", fence)
                        .addParam("time", Times.parameter(time))
                        .execute()
                == 1;
    }
}
