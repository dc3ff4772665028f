package dev.heddle.users;

import dev.heddle.rpc.RpcException;
import dev.heddle.users.v1.User;
import io.helidon.dbclient.DbExecute;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/// Finds users for who keeps something of theirs, within a transaction of its own
/// ([dev.heddle.db.Database#transaction]).
public final class Directory {
    /// The type of the event that tells that a user was removed, in [#TOPIC]; its key is the id.
    public static final String USER_DELETED = UserEvents.DELETED;

    /// The topic of what happens to users.
    public static final String TOPIC = UserEvents.TOPIC;

    private final UserStore store = new UserStore();

    /// The users of some ids who are there. They stay until the transaction ends, so that what is
    /// written for them is there when their removal is told.
    ///
    /// @param db of the caller's transaction
    public Map<UUID, User> hold(DbExecute db, Collection<UUID> ids) {
        return store.hold(db, ids);
    }

    /// What there is to say where a user is not found.
    public static RpcException notFound(String id) {
        return UserIds.notFound(id);
    }
}
