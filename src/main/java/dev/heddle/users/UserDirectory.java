package dev.heddle.users;

import dev.heddle.db.Found;
import dev.heddle.users.v1.User;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What other features ask about users, within transactions of their own.
public final class UserDirectory {
    private final UserStore store = new UserStore();

    public Optional<User> find(DbExecute db, UUID id) {
        return store.get(db, id);
    }

    /// Keeps a user from being removed until the transaction ends.
    ///
    /// @return whether there is such a user
    public boolean hold(DbExecute db, UUID id) {
        return store.hold(db, id);
    }

    /// Users whose name or e-mail address begins with a text, without regard to case: those of whom
    /// it is the whole first, then by name.
    public List<Found> search(DbExecute db, String text, int limit) {
        return store.search(db, text, limit);
    }
}
