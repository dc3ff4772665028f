package dev.heddle.bench.http2;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/// Where a server's CPU time goes and what it allocates, counted from a flight recording.
final class Profile {
    private static final int LINES = 30;
    private static final String OURS = "dev.heddle.";
    private static final String BENCH = "dev.heddle.bench.";

    private final Count self = new Count();
    private final Count ours = new Count();
    private final Count inclusive = new Count();
    private final Count classes = new Count();
    private final Count allocating = new Count();

    private Profile() {}

    /// Weights by name.
    private static final class Count {
        private final Map<String, Long> weights = new HashMap<>();

        void add(String name, long weight) {
            weights.merge(name, weight, Long::sum);
        }

        void print(String title, PrintWriter out, long total) {
            out.printf("%n%s%n", title);
            weights.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(LINES)
                    .forEach(entry ->
                            out.printf(
                                    "  %5.1f %%  %s%n",
                                    100.0 * entry.getValue() / total, entry.getKey()));
        }

        long total() {
            return weights.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    static Profile of(Path file) throws IOException {
        var events = RecordingFile.readAllEvents(file);
        var profile = new Profile();
        var cpu = of(Recorder.CPU, events);
        for (var event : cpu.isEmpty() ? of(Recorder.EXECUTION, events) : cpu) {
            profile.addSample(frames(event));
        }
        for (var event : of(Recorder.ALLOCATION, events)) {
            var weight = event.getLong("weight");
            profile.classes.add(event.getClass("objectClass").getName(), weight);
            profile.allocating.add(ourFrame(frames(event)), weight);
        }
        return profile;
    }

    void print(PrintWriter out) {
        var samples = self.total();
        out.printf("%,d samples of CPU time%n", samples);
        self.print("CPU, by the method that runs", out, samples);
        ours.print("CPU, by the nearest of Heddle's methods", out, samples);
        inclusive.print("CPU, by Heddle's methods with all that they call", out, samples);
        classes.print("Allocated bytes, by class", out, classes.total());
        allocating.print(
                "Allocated bytes, by the nearest of Heddle's methods", out, allocating.total());
        out.flush();
    }

    private void addSample(List<RecordedFrame> frames) {
        if (frames.isEmpty()) {
            self.add("(no stack: the JVM itself)", 1);
            return;
        }
        self.add(name(frames.getFirst()), 1);
        ours.add(ourFrame(frames), 1);
        var seen = new HashSet<String>();
        for (var frame : frames) {
            var name = name(frame);
            if (isOurs(name) && seen.add(name)) {
                inclusive.add(name, 1);
            }
        }
    }

    private static List<RecordedEvent> of(String type, List<RecordedEvent> events) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(type))
                .toList();
    }

    private static List<RecordedFrame> frames(RecordedEvent event) {
        return Optional.ofNullable(event.getStackTrace())
                .map(trace -> trace.getFrames())
                .orElse(List.of());
    }

    private static String ourFrame(List<RecordedFrame> frames) {
        return frames.stream()
                .map(Profile::name)
                .filter(Profile::isOurs)
                .findFirst()
                .orElseGet(
                        () -> frames.isEmpty() ? "(no stack)" : "(none) " + name(frames.getLast()));
    }

    /// Whether a method is in Heddle's sources, the benchmark apart.
    private static boolean isOurs(String name) {
        return name.startsWith(OURS) && !name.startsWith(BENCH) && !name.contains("$$Lambda");
    }

    private static String name(RecordedFrame frame) {
        var method = frame.getMethod();
        return "%s.%s".formatted(method.getType().getName(), method.getName());
    }
}
