package dev.heddle.bench.http2;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;

/// A flight recording of this process: where its CPU time goes and what it allocates.
final class Recorder {
    /// Samples also native code and is of Linux alone.
    static final String CPU = "jdk.CPUTimeSample";

    /// What other systems have.
    static final String EXECUTION = "jdk.ExecutionSample";

    static final String ALLOCATION = "jdk.ObjectAllocationSample";

    private final Recording recording = new Recording();

    String start() {
        recording.enable(CPU).with("throttle", "2ms").withStackTrace();
        recording.enable(EXECUTION).withPeriod(Duration.ofMillis(10)).withStackTrace();
        recording.enable(ALLOCATION).with("throttle", "1000/s").withStackTrace();
        recording.start();
        return "recording";
    }

    String dump(Path file) throws IOException {
        recording.stop();
        recording.dump(file);
        return file.toString();
    }
}
