package dev.heddle.rpc;

import java.util.Set;

/// Who makes a call.
///
/// @param subject the caller's name, as its credentials state it; empty for a caller without
///   credentials
/// @param scopes what the caller may do; `*` stands for everything
/// @param grant what the scopes rest on
public record Caller(String subject, Set<String> scopes, Grant grant) {
    /// A caller without credentials.
    public static final Caller ANONYMOUS = new Caller("", Set.of());

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /// A caller whose scopes nobody can take away.
    public Caller(String subject, Set<String> scopes) {
        this(subject, scopes, Grant.PERMANENT);
    }

    public boolean isAnonymous() {
        return subject.isEmpty();
    }

    public boolean holds(String scope) {
        return scope.isEmpty() || scopes.contains(scope) || scopes.contains("*");
    }
}
