package dev.heddle.users;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Validation;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What an update asks for: the fields of its mask, with values that keep the rules.
///
/// @param values the user as the caller sent it
/// @param fields the names of the fields to change
record UserUpdate(User values, Set<String> fields) {
    private static final String ALL = "*";
    private static final String ETAG = "etag";
    private static final Set<String> CHANGEABLE =
            new LinkedHashSet<>(List.of("email", "name", "state"));

    /// Reads a request.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a mask that names nothing, or what can't be
    ///   changed, and for values that break a rule
    static UserUpdate of(UpdateUserRequest request, Validation validation) {
        var fields = new LinkedHashSet<String>();
        for (var path : request.getUpdateMask().getPathsList()) {
            if (path.equals(ALL)) {
                fields.addAll(CHANGEABLE);
            } else if (CHANGEABLE.contains(path)) {
                fields.add(path);
            } else if (!path.equals(ETAG)) {
                throw invalidPath(path);
            }
        }
        if (fields.isEmpty()) {
            throw RpcException.invalidField(
                    "update_mask", "names no field to change (expected: %s)".formatted(expected()));
        }
        validation.checkFields(request.getUser(), "user", fields);
        return new UserUpdate(request.getUser(), fields);
    }

    /// A user after the update.
    User applyTo(User user) {
        var updated = user.toBuilder();
        for (var field : fields) {
            switch (field) {
                case "email" -> updated.setEmail(values.getEmail());
                case "name" -> updated.setName(values.getName());
                case "state" -> updated.setState(orActive(values.getState()));
                default -> throw new IllegalStateException("field " + field);
            }
        }
        return updated.build();
    }

    /// The state of a user for whom none was chosen is ACTIVE.
    static User.State orActive(User.State state) {
        return state == User.State.STATE_UNSPECIFIED ? User.State.STATE_ACTIVE : state;
    }

    private static RpcException invalidPath(String path) {
        var known = User.getDescriptor().findFieldByName(path) != null;
        return RpcException.invalidField(
                "update_mask",
                "%s \"%s\" (expected: %s)"
                        .formatted(
                                known ? "the server alone sets" : "unknown field",
                                path,
                                expected()));
    }

    private static String expected() {
        return String.join(", ", CHANGEABLE) + " or *";
    }
}
