package dev.heddle.bench.feed;

import dev.heddle.feed.NewEvent;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/// The time in an event's payload at which it was to be published, by the clock that all processes
/// of a machine share, in a form that is found again in every framing without understanding it.
final class Stamp {
    private static final char MARK = '@';
    private static final int MARKS = 3;
    private static final String FILLING = "x".repeat(80);

    private int marks;
    private long value;
    private boolean isDigits;

    static NewEvent event(String topic, long nanos) {
        var payload = "{\"text\":\"@@@%d;%s\"}".formatted(nanos, FILLING);
        return new NewEvent(topic, "bench.happened", "", payload);
    }

    /// Reads what came next on a connection, of which a stamp may be cut in two.
    void find(ByteBuffer bytes, LongConsumer found) {
        while (bytes.hasRemaining()) {
            var next = bytes.get();
            if (isDigits) {
                if (next >= '0' && next <= '9') {
                    value = 10 * value + next - '0';
                } else {
                    isDigits = false;
                    found.accept(value);
                }
            } else if (next != MARK) {
                marks = 0;
            } else if (++marks == MARKS) {
                marks = 0;
                value = 0;
                isDigits = true;
            }
        }
    }
}
