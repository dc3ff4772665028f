package dev.heddle.notifications;

import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.mail.Mail;
import dev.heddle.notifications.v1.Notification;
import dev.heddle.notifications.v1.Notification.EmailState;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// The table `notifications`.
final class NotificationStore {
    private static final String NOTIFICATION =
            """
            id, user_id, title, body, sender, email_state, create_time,
            CAST(read_time IS NOT NULL AS integer), coalesce(read_time, create_time)\
            """;

    /// A notification for somebody.
    ///
    /// @param address where its e-mail goes; empty for none
    record Addressed(Notification notification, String address) {}

    /// Inserts notifications that say the same to several users, in one statement.
    void insert(DbExecute db, List<Addressed> addressed) {
        var first = addressed.getFirst().notification();
        db.createNamedInsert(
                        "notifications.insert",
                        """
                        INSERT INTO notifications
                          (id, user_id, title, body, sender, email_state, address, create_time)
                        SELECT id, user_id, :title, :body, :sender, :email_state, address, :time
                        FROM unnest(CAST(:ids AS uuid[]), CAST(:users AS uuid[]),
                                    CAST(:addresses AS text[])) AS new (id, user_id, address)
                        """)
                .addParam("title", first.getTitle())
                .addParam("body", first.getBody())
                .addParam("sender", first.getSender())
                .addParam("email_state", first.getEmailStateValue())
                .addParam("time", Times.parameter(first.getCreateTime()))
                .addParam("ids", texts(addressed, each -> each.notification().getId()))
                .addParam("users", texts(addressed, each -> each.notification().getUser()))
                .addParam("addresses", texts(addressed, Addressed::address))
                .execute();
    }

    /// A user's notifications, the newest first.
    ///
    /// @param before the id that they come before
    List<Notification> list(DbExecute db, UUID user, UUID before, boolean unread, int limit) {
        return Rows.list(
                db,
                new Query(
                        "notifications.list",
                        """
                        SELECT %s FROM notifications
                        WHERE user_id = CAST(:user AS uuid) AND id < CAST(:before AS uuid) %s
                        ORDER BY id DESC LIMIT :limit
                        """
                                .formatted(NOTIFICATION, unread ? "AND read_time IS NULL" : ""),
                        Map.of(
                                "user", user.toString(),
                                "before", before.toString(),
                                "limit", limit)),
                NotificationStore::notification);
    }

    /// Hands over each notification that a user has not read, in the order of creation.
    void unread(DbExecute db, UUID user, Consumer<Notification> consumer) {
        var _ =
                Rows.forEach(
                        db,
                        new Query(
                                "notifications.unread",
                                """
                                SELECT %s FROM notifications
                                WHERE user_id = CAST(:user AS uuid) AND read_time IS NULL
                                ORDER BY id
                                """
                                        .formatted(NOTIFICATION),
                                Map.of("user", user.toString())),
                        row -> consumer.accept(notification(row)));
    }

    /// Reads a notification that nobody else can change until the transaction ends.
    Optional<Notification> lock(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "notifications.lock",
                        "SELECT "
                                + NOTIFICATION
                                + " FROM notifications WHERE id = CAST(:id AS uuid) FOR NO KEY UPDATE")
                .addParam("id", id.toString())
                .execute()
                .map(row -> notification(Row.of(row)));
    }

    /// Notes when a notification was read.
    void read(DbExecute db, Notification notification) {
        db.createNamedUpdate(
                        "notifications.read",
                        "UPDATE notifications SET read_time = :time WHERE id = CAST(:id AS uuid)")
                .addParam("id", notification.getId())
                .addParam("time", Times.parameter(notification.getReadTime()))
                .execute();
    }

    /// The e-mail of a notification that has not been sent; empty also where the notification is
    /// gone.
    Optional<Mail> unsent(DbExecute db, String id) {
        return db.createNamedGet(
                        "notifications.unsent",
                        """
                        SELECT address, title, body FROM notifications
                        WHERE id = CAST(:id AS uuid) AND address <> '' AND email_state <> :sent
                        """)
                .addParam("id", id)
                .addParam("sent", EmailState.EMAIL_STATE_SENT.getNumber())
                .execute()
                .map(Row::of)
                .map(row -> new Mail(id, row.text(1), row.text(2), row.text(3)));
    }

    /// Notes how an e-mail went.
    void noteEmail(DbExecute db, String id, EmailState state) {
        db.createNamedUpdate(
                        "notifications.note_email",
                        """
                        UPDATE notifications SET email_state = :state
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", id)
                .addParam("state", state.getNumber())
                .execute();
    }

    /// Removes what a user was told.
    void deleteOf(DbExecute db, String user) {
        db.createNamedDelete(
                        "notifications.delete_of",
                        "DELETE FROM notifications WHERE user_id = CAST(:user AS uuid)")
                .addParam("user", user)
                .execute();
    }

    private static Notification notification(Row row) {
        var notification =
                Notification.newBuilder()
                        .setId(row.text(1))
                        .setUser(row.text(2))
                        .setTitle(row.text(3))
                        .setBody(row.text(4))
                        .setSender(row.text(5))
                        .setEmailStateValue((int) row.integer(6))
                        .setCreateTime(row.timestamp(7));
        if (row.integer(8) == 1) {
            notification.setReadTime(row.timestamp(9));
        }
        return notification.build();
    }

    private static String[] texts(List<Addressed> addressed, Function<Addressed, String> field) {
        return addressed.stream().map(field).toArray(String[]::new);
    }
}
