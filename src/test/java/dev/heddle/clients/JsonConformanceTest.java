package dev.heddle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.facade.json.JsonConformance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Protobuf's own conformance tests of JSON in proto3, those that are only recommended too.
final class JsonConformanceTest {
    private static final Pattern PASSED =
            Pattern.compile("CONFORMANCE SUITE PASSED: (\\d+) successes");

    /// A test that is skipped passes; this many aren't.
    private static final int LEAST_SUCCESSES = 750;

    @ParameterizedTest
    @ValueSource(strings = {"generated", "dynamic"})
    void codecConforms(String messages) throws IOException, InterruptedException {
        var report =
                Program.optionalScript("conformance/run")
                        .run(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                JsonConformance.class.getName(),
                                messages);

        assertThat(PASSED.matcher(report).results())
                .anyMatch(suite -> Integer.parseInt(suite.group(1)) >= LEAST_SUCCESSES);
    }
}
