package dev.heddle.notifications;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.db.Database;
import dev.heddle.db.Ids;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.JobHandler;
import dev.heddle.jobs.PayloadFields;
import dev.heddle.jobs.PermanentFailureException;
import dev.heddle.jobs.v1.Job;
import dev.heddle.mail.Mail;
import dev.heddle.mail.Mailer;
import dev.heddle.notifications.v1.Notification.EmailState;
import dev.heddle.rpc.RpcException;
import java.util.Set;

/// Sends the e-mail of a notification, unless it was sent before or the notification is gone. The
/// payload is `{"notification": "…"}`, its id, which is also what the `Message-ID` is made of.
public final class NotificationEmailHandler implements JobHandler {
    /// The type of the jobs.
    public static final String TYPE = "notification-email";

    private static final String NOTIFICATION = "notification";
    private static final int LONGEST_ID = 128;

    private final Database database;
    private final Mailer mailer;
    private final NotificationStore store = new NotificationStore();

    public NotificationEmailHandler(Database database, Mailer mailer) {
        this.database = database;
        this.mailer = mailer;
    }

    /// What is to be enqueued for a notification.
    static Job job(String notification) {
        return Job.newBuilder()
                .setType(TYPE)
                .setPayload(
                        Struct.newBuilder()
                                .putFields(
                                        NOTIFICATION,
                                        Value.newBuilder().setStringValue(notification).build()))
                .build();
    }

    /// Refuses other payloads.
    ///
    /// @throws RpcException INVALID_ARGUMENT
    public static void check(Struct payload) {
        var _ = notification(payload);
    }

    @Override
    public Struct run(Struct payload, JobContext context) {
        var id = notification(payload);
        database.plain(db -> store.unsent(db, id)).ifPresent(mail -> send(mail, context));
        return Struct.getDefaultInstance();
    }

    private void send(Mail mail, JobContext context) {
        try {
            mailer.send(mail);
        } catch (RpcException e) {
            var isFinal = Mailer.isFinal(e);
            if (isFinal || context.isLastAttempt()) {
                note(mail.id(), EmailState.EMAIL_STATE_FAILED);
            }
            throw isFinal ? new PermanentFailureException(e) : e;
        }
        note(mail.id(), EmailState.EMAIL_STATE_SENT);
    }

    private void note(String notification, EmailState state) {
        var _ =
                database.plain(db -> {
                    store.noteEmail(db, notification, state);
                    return state;
                });
    }

    private static String notification(Struct payload) {
        var id = PayloadFields.of(payload, Set.of(NOTIFICATION)).text(NOTIFICATION, LONGEST_ID);
        return Ids.find(id)
                .orElseThrow(() ->
                        PayloadFields.invalid(
                                NOTIFICATION,
                                "%s (expected: the id of a notification)".formatted(id)))
                .toString();
    }
}
