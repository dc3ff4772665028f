package dev.heddle.dashboard;

import com.google.protobuf.Timestamp;
import dev.heddle.dashboard.v1.Dashboard.Hour;
import dev.heddle.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The orders of a day by the hour, those hours included in which there were none.
final class Hours {
    private Hours() {}

    /// What was sold in an hour in one currency.
    ///
    /// @param second when the hour began, in seconds since 1970
    /// @param orders how many orders were placed
    /// @param revenue what those come to that are paid
    /// @param outstanding what those come to that are not
    record Sales(
            long second,
            String currency,
            long orders,
            BigDecimal revenue,
            BigDecimal outstanding) {}

    /// Each hour, oldest first; one more where a clock was ahead of this one.
    ///
    /// @param first when the first hour begins
    static List<Hour> of(Instant first, int count, List<Sales> sales) {
        var hours = new TreeMap<Long, Hour.Builder>();
        for (var i = 0; i < count; i++) {
            hour(hours, first.plus(i, ChronoUnit.HOURS).getEpochSecond());
        }
        sales.forEach(each -> add(each, hour(hours, each.second())));
        return hours.values().stream().map(Hour.Builder::build).toList();
    }

    private static Hour.Builder hour(Map<Long, Hour.Builder> hours, long second) {
        return hours.computeIfAbsent(
                second,
                _ ->
                        Hour.newBuilder()
                                .setStartTime(Timestamp.newBuilder().setSeconds(second))
                                .setOrders(0));
    }

    private static void add(Sales sales, Hour.Builder hour) {
        hour.setOrders(hour.getOrders() + sales.orders());
        if (sales.revenue().signum() != 0) {
            hour.addRevenue(Amounts.of(sales.revenue(), sales.currency()));
        }
        if (sales.outstanding().signum() != 0) {
            hour.addOutstanding(Amounts.of(sales.outstanding(), sales.currency()));
        }
    }
}
