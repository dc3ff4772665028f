package dev.heddle.facade.bind;

import com.google.rpc.BadRequest.FieldViolation;
import java.util.List;

/// One text that can't be the value of its field; reported together with others of the request.
final class InvalidParameterException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final String UNKNOWN = "UNKNOWN_PARAMETER";
    private static final int SHOWN = 64;

    private final FieldViolation violation;
    private final transient List<String> nearest;

    /// @param field the path of the field, or the name of the parameter where it names none
    /// @param reason in upper snake case
    InvalidParameterException(String field, String reason, String description) {
        this(field, reason, description, List.of());
    }

    private InvalidParameterException(
            String field, String reason, String description, List<String> nearest) {
        super(description, null, false, false);
        this.nearest = nearest;
        this.violation =
                FieldViolation.newBuilder()
                        .setField(shorten(field))
                        .setReason(reason)
                        .setDescription(description)
                        .build();
    }

    /// A name that means no field.
    static InvalidParameterException unknown(String parameter, String description) {
        return unknown(parameter, description, List.of());
    }

    /// The same, with names that would have meant one.
    static InvalidParameterException unknown(
            String parameter, String description, List<String> nearest) {
        return new InvalidParameterException(parameter, UNKNOWN, description, nearest);
    }

    boolean isUnknown() {
        return violation.getReason().equals(UNKNOWN);
    }

    /// A value that its field can't take.
    static InvalidParameterException value(String field, String value, String expected) {
        return new InvalidParameterException(
                field, "INVALID_VALUE", "%s (expected: %s)".formatted(quote(value), expected));
    }

    FieldViolation violation() {
        return violation;
    }

    /// The names that the parameter may have been meant to have.
    List<String> nearest() {
        return nearest;
    }

    /// A caller's text for a message, of bounded length.
    static String quote(String text) {
        return "\"" + shorten(text) + "\"";
    }

    private static String shorten(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
