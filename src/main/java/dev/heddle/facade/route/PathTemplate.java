package dev.heddle.facade.route;

import java.util.List;

/// A path template of `google/api/http.proto`, such as `/v1/{name=shelves/*}/books:archive`.
///
/// @param text as it stands in the rule
/// @param segments its segments, those within variables included
/// @param variables its variables, from left to right
/// @param verb the custom verb, without its colon; empty where there is none
public record PathTemplate(
        String text, List<Segment> segments, List<Variable> variables, String verb) {
    /// What one segment of a path must be; [Rest] stands for any number of them, and last.
    public sealed interface Segment {
        /// This text, which is not percent-encoded.
        record Literal(String text) implements Segment {}

        /// Any text.
        record Any() implements Segment {}

        /// Any number of segments, none included.
        record Rest() implements Segment {}
    }

    /// The part of the template that is the value of a field.
    ///
    /// @param fieldPath as in the template, such as `user.id`
    /// @param from the index of its first segment
    /// @param to the index behind its last segment
    /// @param isMultiSegment whether its value may have more than one segment
    public record Variable(String fieldPath, int from, int to, boolean isMultiSegment) {}

    /// Whether a variable takes all that is left of the path.
    boolean isOpenEnded(Variable variable) {
        return segments.get(variable.to() - 1) instanceof Segment.Rest;
    }

    @Override
    public String toString() {
        return text;
    }
}
