package dev.heddle.rpc;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Arrays;

/// A message that goes to many callers, together with what the framings made of it: each form is
/// made for the first caller who needs it and kept for the others. Safe for use by many threads.
///
/// @param <R> the type of the message, which must not change any more
public final class Shared<R extends Message> {
    /// How many forms are kept. There are about as many as framings; what a caller chooses beyond
    /// is made again each time.
    public static final int MAX_FORMS = 8;

    private static final Kept[] NONE = {};

    private final R message;

    /// Replaced as a whole. Of two threads that add at once one may be forgotten: its form is made
    /// again.
    private volatile Kept[] kept = NONE;

    /// A way to write a message, which is known by its value: equal forms make the same of a
    /// message.
    ///
    /// @param <R> the type of the messages
    /// @param <F> what it makes of them, which nobody may change
    @FunctionalInterface
    public interface Form<R extends Message, F> {
        F encode(R message) throws IOException;
    }

    private record Kept(Form<?, ?> form, Object encoded) {}

    private Shared(R message) {
        this.message = message;
    }

    public static <R extends Message> Shared<R> of(R message) {
        return new Shared<>(message);
    }

    public R message() {
        return message;
    }

    /// The message in a form.
    @SuppressWarnings("unchecked") // a form equals but forms that make the same
    public <F> F in(Form<? super R, F> form) throws IOException {
        var present = kept;
        for (var each : present) {
            if (each.form.equals(form)) {
                return (F) each.encoded;
            }
        }
        var encoded = form.encode(message);
        if (present.length < MAX_FORMS) {
            var more = Arrays.copyOf(present, present.length + 1);
            more[present.length] = new Kept(form, encoded);
            kept = more;
        }
        return encoded;
    }
}
