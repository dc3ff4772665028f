package dev.heddle.rpc;

import io.grpc.Status.Code;
import java.util.Map;

/// Whose of a feature's data a call reaches: its caller's own, or everybody's with the scope
/// `<feature>.admin`. Data is a person's where it names the subject of a caller; that of a user is
/// the user's id.
///
/// Services ask in one of three ways, so that all of them refuse alike:
///
/// - Where a request says whose data it is about, [#check] refuses another's.
/// - Where it has the id of something that nobody else may know of, [#reaches] decides whether it
///   is there, so that another's is NOT_FOUND, exactly as if there were none. Of what others can
///   read anyway, [#check] refuses the change.
/// - A list or a watch is about the [#person] alone.
///
/// @param subject who calls; never empty
/// @param scope the scope that reaches everybody's
/// @param reachesAll whether the caller holds it
public record Ownership(String subject, String scope, boolean reachesAll) {
    public Ownership {
        if (subject.isEmpty()) {
            // a method on people's data is not public
            throw new IllegalArgumentException("subject: empty (expected: that of a caller)");
        }
    }

    /// What a call reaches.
    ///
    /// @param feature the first part of its scopes, such as `orders`
    public static Ownership of(Call call, String feature) {
        var scope = feature + ".admin";
        return new Ownership(call.caller().subject(), scope, call.caller().holds(scope));
    }

    /// Whether what somebody owns is reached. What nobody owns is the gateway's own: its owner is
    /// empty text.
    public boolean reaches(String owner) {
        return reachesAll || subject.equals(owner);
    }

    /// Refuses a call about what another owns.
    ///
    /// @throws RpcException PERMISSION_DENIED, reason `NOT_OWNER`, with the `scope` that would do
    public void check(String owner) {
        if (!reaches(owner)) {
            throw new RpcException(
                            Code.PERMISSION_DENIED,
                            "\"%s\" is not the caller (expected: \"%s\", or the scope %s)"
                                    .formatted(owner, subject, scope))
                    .withReason("NOT_OWNER", Map.of("scope", scope));
        }
    }

    /// Whose data a list or a watch is about.
    ///
    /// @param named whose the request names; empty: nobody's
    /// @return empty text for everybody's
    /// @throws RpcException as [#check] does, for another's
    public String person(String named) {
        if (named.isEmpty()) {
            return reachesAll ? "" : subject;
        }
        check(named);
        return named;
    }
}
