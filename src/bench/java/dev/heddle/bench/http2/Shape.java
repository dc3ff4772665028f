package dev.heddle.bench.http2;

import java.util.regex.Pattern;

/// How calls are spread: so many connections, with so many calls at once on each.
record Shape(int connections, int streams) {
    private static final Pattern NUMBERS = Pattern.compile("([1-9]\\d{0,3})x([1-9]\\d{0,3})");

    /// Reads what [#toString] writes, such as `16x16`.
    ///
    /// @throws IllegalArgumentException for anything else
    static Shape of(String text) {
        var numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            throw new IllegalArgumentException(
                    "%s (expected: connections and calls at once on each, such as 16x16)"
                            .formatted(text));
        }
        return new Shape(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    int calls() {
        return connections * streams;
    }

    @Override
    public String toString() {
        return "%dx%d".formatted(connections, streams);
    }
}
