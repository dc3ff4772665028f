package dev.heddle.demo;

import java.io.IOException;

/// Something that people do now and then.
///
/// @param weight how often, beside the others
/// @param name what it is, for the count
record Errand(int weight, String name, Body body) {
    /// What is done.
    @FunctionalInterface
    interface Body {
        void run() throws IOException, InterruptedException;
    }
}
