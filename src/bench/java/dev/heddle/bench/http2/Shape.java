package dev.heddle.bench.http2;

/// How calls are spread: so many connections, with so many calls at once on each.
record Shape(int connections, int streams) {
    /// Reads what [#toString] writes, such as `16x16`.
    ///
    /// @throws IllegalArgumentException for anything else
    static Shape of(String text) {
        var parts = text.split("x", -1);
        if (parts.length == 2) {
            var shape = new Shape(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            if (shape.connections() >= 1 && shape.streams() >= 1) {
                return shape;
            }
        }
        throw new IllegalArgumentException(
                "%s (expected: connections x streams, such as 16x16)".formatted(text));
    }

    int calls() {
        return connections * streams;
    }

    @Override
    public String toString() {
        return "%dx%d".formatted(connections, streams);
    }
}
