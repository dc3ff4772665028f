package dev.heddle.users;

import dev.heddle.db.Columns;
import dev.heddle.db.Condition;
import dev.heddle.db.Excerpt;
import dev.heddle.db.Found;
import dev.heddle.db.IdQuery;
import dev.heddle.db.Keyset;
import dev.heddle.db.LikePatterns;
import dev.heddle.db.Listed;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.users.v1.User;
import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// The table `users`.
final class UserStore {
    /// The unique index that says that an e-mail address is taken.
    static final String EMAIL_KEY = "users_email_key";

    /// The fields that a filter and an order may name.
    static final Columns COLUMNS =
            Columns.builder()
                    .uuid("id", "id")
                    .caselessText("email", "email")
                    .text("name", "name")
                    .enumeration("state", "state", User.State.getDescriptor())
                    .timestamp("create_time", "create_time")
                    .timestamp("update_time", "update_time")
                    .build();

    private static final String USER = "id, email, name, state, create_time, update_time, version";
    private static final int COLUMNS_OF_USER = 7;
    private static final IdQuery BY_ID =
            new IdQuery("users.get", "SELECT " + USER + " FROM users WHERE id IN (:ids)");
    private static final IdQuery HOLD_BY_ID =
            new IdQuery(
                    "users.hold",
                    "SELECT " + USER + " FROM users WHERE id IN (:ids) ORDER BY id FOR KEY SHARE");

    Optional<User> get(DbExecute db, UUID id) {
        return Optional.ofNullable(get(db, Set.of(id)).get(id));
    }

    /// Those of some users who are there.
    Map<UUID, User> get(DbExecute db, Collection<UUID> ids) {
        return read(db, BY_ID.of(ids));
    }

    List<Listed<User>> list(DbExecute db, Condition condition, Keyset keyset, int limit) {
        var listed = new ArrayList<Listed<User>>();
        var sql =
                """
                SELECT %s, %s FROM users WHERE %s ORDER BY %s LIMIT %d
                """
                        .formatted(
                                USER, keyset.selection(), condition.sql(), keyset.orderBy(), limit);
        Rows.forEach(
                db,
                new Query("users.list", sql, condition.parameters()),
                row ->
                        listed.add(
                                new Listed<>(
                                        user(row), keyset.position(row, COLUMNS_OF_USER + 1))));
        return listed;
    }

    /// Hands over each user in the order of creation, as the database yields it.
    void export(DbExecute db, Condition condition, Consumer<User> consumer) {
        var sql = "SELECT %s FROM users WHERE %s ORDER BY id".formatted(USER, condition.sql());
        Rows.forEach(
                db,
                new Query("users.export", sql, condition.parameters()),
                row -> consumer.accept(user(row)));
    }

    /// Inserts users in one statement, except those whose e-mail address another user has, be it
    /// one before them in the list.
    ///
    /// The rows go in by the order of their addresses, so that two batches at a time wait for each
    /// other in one direction only.
    ///
    /// @return the ids of those that were inserted
    Set<String> insert(DbExecute db, List<User> users) {
        var inserted = HashSet.<String>newHashSet(users.size());
        try (var rows =
                db.createNamedQuery(
                                "users.insert",
                                """
                                INSERT INTO users
                                  (id, email, name, state, create_time, update_time, version)
                                SELECT id, email, name, state,
                                       CAST(:time AS timestamptz), CAST(:time AS timestamptz), 1
                                FROM unnest(CAST(:ids AS uuid[]), CAST(:emails AS text[]),
                                            CAST(:names AS text[]), CAST(:states AS smallint[]))
                                     WITH ORDINALITY AS new (id, email, name, state, ordinal)
                                ORDER BY lower(email), ordinal
                                ON CONFLICT (lower(email)) DO NOTHING
                                RETURNING id
                                """)
                        .addParam("time", Times.parameter(users.getFirst().getCreateTime()))
                        .addParam("ids", texts(users, User::getId))
                        .addParam("emails", texts(users, User::getEmail))
                        .addParam("names", texts(users, User::getName))
                        .addParam(
                                "states",
                                users.stream()
                                        .map(user -> (short) user.getStateValue())
                                        .toArray(Short[]::new))
                        .execute()) {
            rows.forEach(row -> inserted.add(Row.of(row).text(1)));
        }
        return inserted;
    }

    /// Inserts a user, unless another has the e-mail address.
    ///
    /// @return whether it was inserted
    boolean insert(DbExecute db, User user) {
        return db.createNamedInsert(
                                "users.insert_one",
                                """
                                INSERT INTO users (id, email, name, state, create_time, update_time, version)
                                VALUES (CAST(:id AS uuid), :email, :name, :state, :time, :time, 1)
                                ON CONFLICT (lower(email)) DO NOTHING
                                """)
                        .addParam("id", user.getId())
                        .addParam("email", user.getEmail())
                        .addParam("name", user.getName())
                        .addParam("state", user.getStateValue())
                        .addParam("time", Times.parameter(user.getCreateTime()))
                        .execute()
                == 1;
    }

    /// Reads a user whom nobody else can change until the transaction ends.
    Optional<User> lock(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "users.lock",
                        "SELECT " + USER + " FROM users WHERE id = CAST(:id AS uuid) FOR UPDATE")
                .addParam("id", id.toString())
                .execute()
                .map(row -> user(Row.of(row)));
    }

    List<Found> search(DbExecute db, String text, int limit) {
        return Rows.list(
                db,
                new Query(
                        "users.search",
                        """
                        SELECT id, name, email FROM users
                        WHERE lower(name) LIKE lower(:pattern) OR lower(email) LIKE lower(:pattern)
                        ORDER BY (lower(:text) IN (lower(name), lower(email))) DESC, name, id
                        LIMIT :limit
                        """,
                        Map.of("pattern", LikePatterns.prefix(text), "text", text, "limit", limit)),
                row -> new Found(row.text(1), row.text(2), Excerpt.ofPrefix(row.text(3), text)));
    }

    /// Reads users whom nobody can remove until the transaction ends.
    Map<UUID, User> hold(DbExecute db, Collection<UUID> ids) {
        return read(db, HOLD_BY_ID.of(ids));
    }

    /// Writes what can change of a user, as the next version.
    void update(DbExecute db, User user) {
        db.createNamedUpdate(
                        "users.update",
                        """
                        UPDATE users SET email = :email, name = :name, state = :state,
                                         update_time = :time, version = version + 1
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", user.getId())
                .addParam("email", user.getEmail())
                .addParam("name", user.getName())
                .addParam("state", user.getStateValue())
                .addParam("time", Times.parameter(user.getUpdateTime()))
                .execute();
    }

    void delete(DbExecute db, UUID id) {
        db.createNamedDelete("users.delete", "DELETE FROM users WHERE id = CAST(:id AS uuid)")
                .addParam("id", id.toString())
                .execute();
    }

    private static Map<UUID, User> read(DbExecute db, Query query) {
        return Rows.map(db, query, UserStore::user, user -> UUID.fromString(user.getId()));
    }

    private static User user(Row row) {
        return User.newBuilder()
                .setId(row.text(1))
                .setEmail(row.text(2))
                .setName(row.text(3))
                .setStateValue((int) row.integer(4))
                .setCreateTime(row.timestamp(5))
                .setUpdateTime(row.timestamp(6))
                .setEtag(row.text(7))
                .build();
    }

    private static String[] texts(List<User> users, Function<User, String> field) {
        return users.stream().map(field).toArray(String[]::new);
    }
}
