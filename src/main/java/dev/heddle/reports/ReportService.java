package dev.heddle.reports;

import com.google.api.HttpBody;
import dev.heddle.async.CpuPool;
import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.reports.v1.GenerateReportRequest;
import dev.heddle.reports.v1.GetStatisticsRequest;
import dev.heddle.reports.v1.ReportServiceGrpc;
import dev.heddle.reports.v1.Statistics;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.Rpcs;
import java.time.Clock;
import java.time.Duration;

/// Serves `heddle.reports.v1.ReportService`; what each method promises is in
/// `proto/heddle/reports/v1/reports.proto`.
public final class ReportService implements Rpcs.Service {
    private final ReportStream reports;
    private final StatisticsCache statistics;

    /// How reports are made.
    ///
    /// @param parallelism how many queries of a report run at once, on as many connections as are
    ///   free; 1 to 100, default 3; key `reports.parallelism`
    /// @param timeout how long it may take to read and to compute statistics; more than zero,
    ///   default 30 s; key `reports.timeout`
    /// @param maxValues how many values statistics are computed of, each of which takes eight bytes
    ///   for as long as that lasts; at least 1, default 5,000,000; key `reports.max-values`
    public record Settings(int parallelism, Duration timeout, int maxValues) {
        public static final Settings DEFAULT = new Settings(3, Duration.ofSeconds(30), 5_000_000);

        public Settings {
            check(parallelism >= 1 && parallelism <= 100, "parallelism", parallelism, "1 to 100");
            check(timeout.isPositive(), "timeout", timeout, "> 0");
            check(maxValues >= 1, "max-values", maxValues, ">= 1");
        }

        private static void check(boolean valid, String key, Object value, String expected) {
            if (!valid) {
                throw new IllegalArgumentException(
                        "reports.%s: %s (expected: %s)".formatted(key, value, expected));
            }
        }
    }

    /// @param processors where statistics are computed
    public ReportService(
            Database database, Feed feed, CpuPool processors, Settings settings, Clock clock) {
        this.reports = new ReportStream(database, clock, settings.parallelism());
        this.statistics =
                new StatisticsCache(
                        database,
                        feed,
                        processors,
                        clock,
                        settings.maxValues(),
                        Policy.of(ReportServiceGrpc.getGetStatisticsMethod())
                                .cacheTtl()
                                .orElseThrow(),
                        settings.timeout());
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.serverStreaming(ReportServiceGrpc.getGenerateReportMethod(), this::generate)
                .unary(ReportServiceGrpc.getGetStatisticsMethod(), this::getStatistics);
    }

    void generate(GenerateReportRequest request, Outbound<HttpBody> out, Call call) {
        var kind = Kind.parse(request.getKind());
        call.responseHeaders()
                .set("content-security-policy", Html.SECURITY_POLICY)
                .set("x-content-type-options", "nosniff")
                .set("cache-control", "no-store");
        reports.send(kind, out);
    }

    Statistics getStatistics(GetStatisticsRequest request, Call call) {
        return statistics.get(Kind.parse(request.getKind()));
    }

    /// How often statistics were computed.
    long computations() {
        return statistics.computations();
    }
}
