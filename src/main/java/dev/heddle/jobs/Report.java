package dev.heddle.jobs;

import com.google.protobuf.Timestamp;
import java.util.List;

/// What a handler has told since it was last written down.
///
/// @param progress the last it told
record Report(Picked job, double progress, List<Line> lines) {
    Report {
        lines = List.copyOf(lines);
    }

    record Line(Timestamp time, String text) {}
}
