package dev.heddle.money;

import com.google.type.Money;
import java.math.BigDecimal;

/// Amounts of money, which callers see as `google.type.Money` and which add up as [BigDecimal],
/// without loss.
public final class Amounts {
    private static final int NANO_DIGITS = 9;

    private Amounts() {}

    /// The number of an amount, in units of its currency.
    public static BigDecimal of(Money money) {
        return BigDecimal.valueOf(money.getUnits())
                .add(BigDecimal.valueOf(money.getNanos(), NANO_DIGITS));
    }

    /// An amount of a currency.
    ///
    /// @param currency its code by ISO 4217, such as `EUR`
    /// @throws ArithmeticException for an amount that has more than 9 decimals, or units beyond 64
    ///   bits
    public static Money of(BigDecimal amount, String currency) {
        var units = amount.toBigInteger();
        var nanos = amount.subtract(new BigDecimal(units)).movePointRight(NANO_DIGITS);
        return Money.newBuilder()
                .setCurrencyCode(currency)
                .setUnits(units.longValueExact())
                .setNanos(nanos.intValueExact())
                .build();
    }
}
