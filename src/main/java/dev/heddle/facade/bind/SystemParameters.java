package dev.heddle.facade.bind;

import java.util.Set;

/// Query parameters that belong to the gateway and not to a method, as Google's APIs have them.
/// Their names begin with `$`, which no field's name can.
public final class SystemParameters {
    /// The representation of the response, for callers who can't set `Accept`.
    public static final String ALT = "$alt";

    /// Whether JSON is laid out for people.
    public static final String PRETTY_PRINT = "$prettyPrint";

    static final Set<String> ALL = Set.of(ALT, PRETTY_PRINT);

    private SystemParameters() {}
}
