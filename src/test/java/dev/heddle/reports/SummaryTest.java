package dev.heddle.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heddle.reports.v1.Series;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class SummaryTest {
    private static final Offset<Double> NEARLY = within(1e-9);

    private static Series of(Map<Long, Double> days, double... values) {
        return Summary.of("EUR", values, new TreeMap<>(days));
    }

    @Test
    void knownValuesHaveKnownStatistics() {
        var series = of(Map.of(1L, 40.0), 2, 4, 4, 4, 5, 5, 7, 9);

        assertThat(series.getCount()).isEqualTo(8);
        assertThat(series.getMin()).isEqualTo(2);
        assertThat(series.getMax()).isEqualTo(9);
        assertThat(series.getMean()).isCloseTo(5, NEARLY);
        assertThat(series.getStandardDeviation()).isCloseTo(2, NEARLY);
        assertThat(series.getQuantilesList())
                .filteredOn(quantile -> quantile.getShare() == 0.25 || quantile.getShare() == 0.5)
                .extracting(Series.Quantile::getValue)
                .containsExactly(4.0, 4.5);
        assertThat(series.getHistogramList().stream().mapToLong(Series.Bucket::getCount).sum())
                .isEqualTo(8);
        assertThat(series.getHistogram(19).getUpper()).isEqualTo(9);
        assertThat(series.getHistogram(19).getCount()).isOne();
    }

    @Test
    void oneValueIsAllOfThem() {
        var series = of(Map.of(7L, 3.0), 3);

        assertThat(series.getStandardDeviation()).isZero();
        assertThat(series.getQuantilesList())
                .extracting(Series.Quantile::getValue)
                .containsOnly(3.0);
        assertThat(series.getHistogramList())
                .containsExactly(
                        Series.Bucket.newBuilder().setLower(3).setUpper(3).setCount(1).build());
        assertThat(series.getTrend())
                .isEqualTo(Series.Trend.newBuilder().setDays(1).setMean(3).build());
    }

    @Test
    void trendIsTheLineThroughTheDays() {
        var rising = of(Map.of(10L, 1.0, 11L, 3.0, 12L, 5.0, 13L, 7.0), 1).getTrend();

        assertThat(rising.getDays()).isEqualTo(4);
        assertThat(rising.getMean()).isCloseTo(4, NEARLY);
        assertThat(rising.getSlope()).isCloseTo(2, NEARLY);
        assertThat(rising.getFit()).isCloseTo(1, NEARLY);

        var withGap = of(Map.of(0L, 6.0, 2L, 0.0, 3L, 6.0), 1).getTrend();
        assertThat(withGap.getDays()).isEqualTo(4);
        assertThat(withGap.getMean()).isCloseTo(3, NEARLY);
        assertThat(withGap.getSlope()).isCloseTo(0, NEARLY);
        assertThat(withGap.getFit()).isCloseTo(0, NEARLY);
    }

    @Test
    void largeValuesThatAreCloseTogetherKeepTheirDeviation() {
        var random = new Random(1);
        var values = random.doubles(100_000).map(value -> 1e9 + value).toArray();
        var mean = Arrays.stream(values).map(value -> value - 1e9).average().orElseThrow();

        var series = of(Map.of(1L, 1.0), values);

        assertThat(series.getMean() - 1e9).isCloseTo(mean, within(1e-4));
        assertThat(series.getStandardDeviation()).isCloseTo(Math.sqrt(1.0 / 12), within(1e-2));
        assertThat(series.getHistogramList().stream().mapToLong(Series.Bucket::getCount).sum())
                .isEqualTo(100_000);
    }

    @Test
    void moreValuesThanThereMayBeAreRefused() {
        var samples = new Samples(2);
        var sample = new Samples.Sample("EUR", 1, 1, 1);
        samples.add(sample);
        samples.add(sample);

        RpcException failure = Calls.failure(() -> samples.add(sample));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.reason()).contains("TOO_MANY_VALUES");
    }
}
