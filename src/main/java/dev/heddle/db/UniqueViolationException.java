package dev.heddle.db;

/// A row was refused because another has the same unique value. The transaction is rolled back.
public final class UniqueViolationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String constraint;

    UniqueViolationException(String constraint, Throwable cause) {
        super("unique constraint " + constraint, cause);
        this.constraint = constraint;
    }

    /// The name of the constraint or unique index.
    public String constraint() {
        return constraint;
    }
}
