package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class LogLineTest {
    private static final String FORGED = "2026-01-01T00:00:00.000Z INFO    dev.heddle: all is well";

    private static String format(String message, Throwable thrown) {
        var logged = new LogRecord(Level.WARNING, message);
        logged.setLoggerName("dev.heddle.Test");
        logged.setThrown(thrown);
        return new LogLine().format(logged);
    }

    @Test
    void eventIsALineThatBeginsWithTheTime() {
        assertThat(format("a job failed", new IllegalStateException("why")).lines())
                .satisfies(lines ->
                        assertThat(lines.getFirst())
                                .matches("\\d{4}-.*T.* WARNING dev\\.heddle\\.Test: a job failed"))
                .satisfies(lines ->
                        assertThat(lines.get(1))
                                .isEqualTo("\tjava.lang.IllegalStateException: why"))
                .satisfies(lines -> assertThat(lines.get(2)).startsWith("\tat "));
    }

    @Test
    void textOfACallerIsNoEventOfItsOwn() {
        for (var lineEnd : new String[] {"\n", "\r", "\r\n", "\u0085", "\u2028", "\n\r"}) {
            var text =
                    format("name" + lineEnd + FORGED, new IllegalStateException(lineEnd + FORGED));

            assertThat(text.lines().filter(line -> !line.startsWith("\t"))).hasSize(1);
            assertThat(text).doesNotContain("\u0085", "\u2028");
        }
    }

    @Test
    void terminalIsNotTold() {
        assertThat(
                        format(
                                "\u001b[2J\u0000\u009b31m\u202e",
                                new IllegalStateException("\u001b]0;x\u0007")))
                .contains("\\u001b[2J\\u0000\\u009b31m\\u202e", "\\u001b]0;x\\u0007")
                .matches("[\\t\\n\\r -~]*");
    }
}
