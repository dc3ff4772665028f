package dev.heddle.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.State;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What holds when the payment fails, stalls or comes late.
@Timeout(60)
final class SettlementTest extends OrderTest {
    /// A bank, which counts and can be told to misbehave.
    private static class Bank implements Payments {
        private final Map<UUID, Long> fences = new HashMap<>();
        private final Map<UUID, String> paid = new HashMap<>();
        private int taken;
        private int returned;

        @Override
        public String take(Charge charge) {
            synchronized (fences) {
                check(charge.order(), charge.fence());
                return paid.computeIfAbsent(charge.order(), _ -> "payment " + ++taken);
            }
        }

        @Override
        public void giveBack(UUID order, long fence) {
            synchronized (fences) {
                check(order, fence);
                if (paid.remove(order) != null) {
                    returned++;
                }
            }
        }

        private void check(UUID order, long fence) {
            if (fences.getOrDefault(order, 0L) > fence) {
                throw new RpcException(Code.ABORTED, "overtaken").withReason("BANK_FENCED");
            }
            fences.put(order, fence);
        }

        final int balance() {
            synchronized (fences) {
                return taken - returned;
            }
        }
    }

    @Test
    void paymentWhoseAnswerWasLostIsMadeOnce() {
        var bank =
                new Bank() {
                    private boolean isCut = true;

                    @Override
                    public String take(Charge charge) {
                        var reference = super.take(charge);
                        if (isCut) {
                            isCut = false;
                            throw new RpcException(Code.UNAVAILABLE, "the line is dead");
                        }
                        return reference;
                    }
                };
        var orders = orders(bank);
        var placed = placed();

        assertThat(Calls.failure(() -> pay(orders, placed.getId(), "")).code())
                .isEqualTo(Code.UNAVAILABLE);
        assertThat(get(placed.getId())).isEqualTo(placed);

        assertThat(pay(orders, placed.getId(), "").getPayment()).isEqualTo("payment 1");
        assertThat(bank.balance()).isEqualTo(1);
    }

    @Test
    void orderThatMayHaveBeenPaidIsPaidBackWhenItIsCancelled() {
        var bank =
                new Bank() {
                    @Override
                    public String take(Charge charge) {
                        super.take(charge);
                        throw new RpcException(Code.UNAVAILABLE, "the line is dead");
                    }
                };
        var orders = orders(bank);
        var placed = placed();
        Calls.failure(() -> pay(orders, placed.getId(), ""));

        cancel(orders, placed.getId(), "");

        assertThat(bank.balance()).isZero();
    }

    @Test
    void orderWhoseCancellationWasCutOffCanOnlyBeCancelled() {
        var bank =
                new Bank() {
                    private boolean isCut = true;

                    @Override
                    public void giveBack(UUID order, long fence) {
                        super.giveBack(order, fence);
                        if (isCut) {
                            isCut = false;
                            throw new RpcException(Code.UNAVAILABLE, "the line is dead");
                        }
                    }
                };
        var orders = orders(bank);
        var chair = store().create("Chair", 1);
        var paid = pay(orders, place(chair.getId(), 1).getId(), "");
        Calls.failure(() -> cancel(orders, paid.getId(), ""));

        assertThat(get(paid.getId())).isEqualTo(paid);
        assertThat(Calls.failure(() -> ship(paid.getId())).reason()).contains("PAYMENT_UNDER_WAY");

        assertThat(cancel(orders, paid.getId(), "").getState()).isEqualTo(State.STATE_CANCELLED);
        assertThat(bank.balance()).isZero();
        assertThat(store().product(chair.getId()).getStock()).isEqualTo(1);
    }

    @Test
    void paymentThatStalledAndWasOvertakenTakesNothing() throws Exception {
        var atBank = new CountDownLatch(1);
        var overtaken = new CountDownLatch(1);
        var bank =
                new Bank() {
                    @Override
                    public String take(Charge charge) {
                        atBank.countDown();
                        await(overtaken);
                        return super.take(charge);
                    }
                };
        var orders = orders(bank, Duration.ofSeconds(1));
        var placed = placed();
        var paying =
                CompletableFuture.supplyAsync(
                        () -> Calls.failure(() -> pay(orders, placed.getId(), "")));
        await(atBank);

        cancelOnceTheLeaseIsOver(orders, placed.getId());
        overtaken.countDown();

        assertThat(paying.get(20, TimeUnit.SECONDS).reason()).contains("BANK_FENCED");
        assertThat(get(placed.getId()).getState()).isEqualTo(State.STATE_CANCELLED);
        assertThat(bank.balance()).isZero();
    }

    private static void cancelOnceTheLeaseIsOver(Calls orders, String id) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                cancel(orders, id, "");
                return;
            } catch (RpcException e) {
                assertThat(e.reason()).contains("PAYMENT_UNDER_WAY");
                assertThat(System.nanoTime()).isLessThan(end);
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    @Test
    void orderIsNotCancelledWhileItIsPaid() throws Exception {
        var atBank = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var bank =
                new Bank() {
                    @Override
                    public String take(Charge charge) {
                        atBank.countDown();
                        await(goOn);
                        return super.take(charge);
                    }
                };
        var orders = orders(bank);
        var placed = placed();
        var paying = CompletableFuture.supplyAsync(() -> pay(orders, placed.getId(), ""));
        await(atBank);

        assertThat(Calls.failure(() -> cancel(orders, placed.getId(), "")).reason())
                .contains("PAYMENT_UNDER_WAY");
        goOn.countDown();

        assertThat(paying.get(20, TimeUnit.SECONDS).getState()).isEqualTo(State.STATE_PAID);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void repeatedPaymentWithItsIdAnswersTheSame() {
        var bank = new Bank();
        var orders = orders(bank);
        var placed = placed();
        var paid = pay(orders, placed.getId(), "pay " + placed.getId());
        ship(placed.getId());

        assertThat(pay(orders, placed.getId(), "pay " + placed.getId())).isEqualTo(paid);
        assertThat(bank.balance()).isEqualTo(1);
    }

    @Test
    void ledgerRefusesWhoWasOvertakenAndWhatWasReturned() {
        var ledger = new Ledger(store().database(), store().clock());
        var order = UUID.randomUUID();
        var total = StoreCalls.euros(1, 0);

        var reference = ledger.take(new Payments.Charge(order, "ada", total, 5));
        assertThat(ledger.take(new Payments.Charge(order, "ada", total, 6))).isEqualTo(reference);
        assertThat(
                        Calls.failure(() ->
                                        ledger.take(new Payments.Charge(order, "ada", total, 5)))
                                .reason())
                .contains("PAYMENT_OVERTAKEN");
        assertThat(Calls.failure(() -> ledger.giveBack(order, 5)).code()).isEqualTo(Code.ABORTED);
        ledger.giveBack(order, 6);
        ledger.giveBack(order, 7);
        assertThat(
                        Calls.failure(() ->
                                        ledger.take(new Payments.Charge(order, "ada", total, 8)))
                                .code())
                .isEqualTo(Code.ABORTED);
    }

    private static Order placed() {
        return place(store().create("Chair", 1).getId(), 1);
    }
}
