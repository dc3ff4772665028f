package dev.heddle.jobs;

import com.github.kagkarlsson.scheduler.task.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the due jobs of each type and priority begin.
///
/// Jobs leave dead index entries behind, in the order of their times, and as long as somebody reads
/// in an old snapshot PostgreSQL has to keep them. To pass them all at each look would cost more
/// and more. So a look begins a little before the last job that was picked, and once a second at
/// the very beginning, for those that were written long before they were committed.
///
/// To be used by the thread that picks alone.
final class Frontier {
    private static final Duration MARGIN = Duration.ofMillis(250);
    private static final Duration WHOLE_INTERVAL = Duration.ofSeconds(1);
    private static final String BEGINNING = "-infinity";
    private static final List<Integer> PRIORITIES =
            List.of(Priority.HIGH, Priority.MEDIUM, Priority.LOW);

    private final Map<Lane, Instant> last = new HashMap<>();
    private long wholeNanos = System.nanoTime() - WHOLE_INTERVAL.toNanos();

    private record Lane(String type, int priority) {}

    /// The parameters of a look.
    ///
    /// @param free how many of each type are wanted
    Map<String, Object> look(Map<String, Integer> free, int limit) {
        var isWhole = isWholeDue();
        var types = new ArrayList<String>();
        var priorities = new ArrayList<Integer>();
        var slots = new ArrayList<Integer>();
        var floors = new ArrayList<String>();
        free.forEach((type, places) -> {
            for (var priority : PRIORITIES) {
                var picked = last.get(new Lane(type, priority));
                types.add(type);
                priorities.add(priority);
                slots.add(places);
                floors.add(isWhole || picked == null ? BEGINNING : picked.minus(MARGIN).toString());
            }
        });
        return Map.of(
                "types", types.toArray(String[]::new),
                "priorities", priorities.toArray(Integer[]::new),
                "slots", slots.toArray(Integer[]::new),
                "floors", floors.toArray(String[]::new),
                "limit", limit);
    }

    /// A job was picked.
    void picked(String type, int priority, Instant time) {
        last.merge(
                new Lane(type, priority), time, (one, other) -> one.isAfter(other) ? one : other);
    }

    private boolean isWholeDue() {
        var now = System.nanoTime();
        if (now - wholeNanos < WHOLE_INTERVAL.toNanos()) {
            return false;
        }
        wholeNanos = now;
        return true;
    }
}
