package dev.heddle.users;

import dev.heddle.db.Found;
import dev.heddle.db.Walk;
import dev.heddle.rpc.RpcException;
import dev.heddle.users.v1.User;
import io.helidon.dbclient.DbExecute;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Finds users for other features, within their own use of the database.
public final class Directory {
    /// The type of the event that tells that a user was removed, in [#TOPIC]; its key is the id.
    public static final String USER_DELETED = UserEvents.DELETED;

    /// The topic of what happens to users.
    public static final String TOPIC = UserEvents.TOPIC;

    private final UserStore store = new UserStore();

    /// The users of some ids who are there. They stay until the transaction ends, so that what is
    /// written for them is there when their removal is told.
    ///
    /// @param db of the caller's [dev.heddle.db.Database#transaction]
    public Map<UUID, User> hold(DbExecute db, Collection<UUID> ids) {
        return store.hold(db, ids);
    }

    /// A user, whom nothing keeps from being removed.
    public Optional<User> find(DbExecute db, UUID id) {
        return store.get(db, id);
    }

    /// Users whose name or e-mail address begins with a text, without regard to case: those of whom
    /// it is the whole first, then by name.
    public List<Found> search(DbExecute db, String text, int limit) {
        return store.search(db, text, limit);
    }

    /// All users, for those who go through them.
    public Walk<User> walk() {
        return new Walk<>("users", UserStore.COLUMNS, store::list);
    }

    /// What there is to say where a user is not found.
    public static RpcException notFound(String id) {
        return UserIds.notFound(id);
    }
}
