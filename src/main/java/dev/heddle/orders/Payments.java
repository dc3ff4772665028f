package dev.heddle.orders;

import com.google.type.Money;
import dev.heddle.rpc.RpcException;
import java.util.UUID;

/// Where orders are paid: a service that fails, stalls and answers late.
///
/// Its steps can be repeated: an order is paid once, whoever asks for it how often. Each step bears
/// a fencing token, larger than those of the steps before. A step must be refused that comes after
/// one with a larger token of the same order: it is from somebody who was overtaken and does not
/// know yet.
public interface Payments {
    /// A payment to be made.
    ///
    /// @param order what is paid
    /// @param user who pays
    /// @param amount how much
    /// @param fence the fencing token
    record Charge(UUID order, String user, Money amount, long fence) {}

    /// Takes the price of an order, if that was not done before.
    ///
    /// @return what the payment is known by, the same for each repetition
    /// @throws RpcException where it was not done, or it is not known whether it was; ABORTED where
    ///   the step was overtaken or the payment has been returned
    String take(Charge charge);

    /// Returns what was paid for an order, if something was; nothing can be paid for it any more.
    ///
    /// @param fence the fencing token
    /// @throws RpcException as [#take]
    void giveBack(UUID order, long fence);
}
