package dev.heddle.orders;

/// What somebody may be about to do with an order's payment. It is written down before, so that
/// whoever comes after a crash knows that money may have moved.
enum Step {
    NONE(0),
    PAY(1),
    CANCEL(2);

    private final int number;

    Step(int number) {
        this.number = number;
    }

    /// What stands for it in the database.
    int number() {
        return number;
    }

    static Step of(long number) {
        for (var step : values()) {
            if (step.number == number) {
                return step;
            }
        }
        throw new IllegalStateException("step %d (expected: 0 to 2)".formatted(number));
    }
}
