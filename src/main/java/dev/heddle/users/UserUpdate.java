package dev.heddle.users;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.UpdateMask;
import dev.heddle.rpc.Validation;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import java.util.List;

/// What an update asks for: the fields of its mask, with values that keep the rules.
///
/// @param values the user as the caller sent it
/// @param mask the fields to change
record UserUpdate(User values, UpdateMask mask) {
    private static final List<String> CHANGEABLE = List.of("email", "name", "state");

    /// Reads a request.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a mask that names nothing, or what can't be
    ///   changed, and for values that break a rule
    static UserUpdate of(UpdateUserRequest request, Validation validation) {
        var mask = UpdateMask.of(request.getUpdateMask(), User.getDescriptor(), CHANGEABLE);
        validation.checkFields(request.getUser(), "user", mask.fields());
        return new UserUpdate(request.getUser(), mask);
    }

    /// A user after the update.
    User applyTo(User user) {
        var updated = mask.apply(values, user.toBuilder());
        return updated.setState(orActive(updated.getState())).build();
    }

    /// The state of a user for whom none was chosen is ACTIVE.
    static User.State orActive(User.State state) {
        return state == User.State.STATE_UNSPECIFIED ? User.State.STATE_ACTIVE : state;
    }
}
