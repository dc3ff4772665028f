package dev.heddle.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.feed.FeedModel.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The model check finds what it is there to find.
final class FeedModelCheckTest {
    private static final List<Entry> LOG =
            List.of(
                    new Entry(1, "t", "a:1:0:1"),
                    new Entry(2, "t", "b:1:0:2"),
                    new Entry(3, "free", "a:1:1:0"),
                    new Entry(4, "t", "b:2:0:3"));

    private final FeedModel model = new FeedModel();

    FeedModelCheckTest() {
        model.committed("a:1", 2);
        model.committed("b:1", 1);
        model.committed("b:2", 1);
    }

    @Test
    void rightLogHasNoFault() {
        assertThat(model.faults(LOG)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void wrongLogHasAFault(String expected, Consumer<List<Entry>> corruption) {
        var log = new ArrayList<>(LOG);
        corruption.accept(log);

        assertThat(model.faults(log)).anyMatch(fault -> fault.contains(expected));
    }

    static Stream<Arguments> wrongLogHasAFault() {
        return Stream.of(
                wrong("position 2 (expected: 1)", List::removeFirst),
                wrong("0 events of b:2 (expected: 1)", List::removeLast),
                wrong("2 events of b:2 (expected: 1)", log -> log.add(at(5, LOG.getLast()))),
                wrong("number 2 (expected: 1)", log -> swap(log, 0, 1)),
                wrong("index 1 (expected: 0)", log -> swap(log, 0, 2)),
                wrong("not committed", log -> log.add(new Entry(5, "free", "b:3:0:0"))));
    }

    private static Arguments wrong(String expected, Consumer<List<Entry>> corruption) {
        return Arguments.of(expected, corruption);
    }

    private static void swap(List<Entry> log, int one, int other) {
        Collections.swap(log, one, other);
        log.replaceAll(entry -> at(log.indexOf(entry) + 1, entry));
    }

    private static Entry at(long seq, Entry entry) {
        return new Entry(seq, entry.topic(), entry.key());
    }
}
