package dev.heddle.notifications;

import dev.heddle.async.Gather;
import dev.heddle.async.Outcome;
import dev.heddle.db.Database;
import dev.heddle.mail.Mailer;
import dev.heddle.notifications.v1.Notification.EmailState;
import dev.heddle.notifications.v1.SendNotificationResponse;
import dev.heddle.notifications.v1.SendNotificationResponse.Failure;
import dev.heddle.notifications.v1.SendNotificationResponse.Success;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;

/// Sends the e-mails of notifications. A call has an e-mail to itself while it sends it, and no
/// connection to the database meanwhile.
final class Emails {
    /// Longer than the mail server is waited for.
    private static final Duration LEASE = Duration.ofMinutes(2);

    private final Database database;
    private final NotificationStore store;
    private final Mailer mailer;

    Emails(Database database, NotificationStore store, Mailer mailer) {
        this.database = database;
        this.store = store;
        this.mailer = mailer;
    }

    /// Sends those e-mails that are still missing.
    ///
    /// @param told who found the notification in the inbox, and who could not be told
    /// @return the same, with those among the failures to whom the e-mail could not be sent
    SendNotificationResponse send(SendNotificationResponse told) {
        var outcomes =
                Gather.each(
                        "e-mail",
                        told.getSucceededList(),
                        mailer.concurrency(),
                        success -> send(success.getNotification()));
        var response = SendNotificationResponse.newBuilder().addAllFailed(told.getFailedList());
        for (var i = 0; i < outcomes.size(); i++) {
            var success = told.getSucceeded(i);
            switch (outcomes.get(i)) {
                case Outcome.Success<EmailState> _ -> response.addSucceeded(success);
                case Outcome.Failure<EmailState> failure ->
                        response.addFailed(failure(success, failure.reason()));
            }
        }
        return response.build();
    }

    private EmailState send(String notification) {
        var state = database.plain(db -> store.emailState(db, notification));
        if (state == EmailState.EMAIL_STATE_SENT) {
            return state;
        }
        var mail =
                database.plain(db -> store.claim(db, notification, LEASE))
                        .orElseThrow(Emails::underWay);
        try {
            mailer.send(mail);
        } catch (RpcException e) {
            note(notification, EmailState.EMAIL_STATE_FAILED);
            throw e;
        }
        return note(notification, EmailState.EMAIL_STATE_SENT);
    }

    private EmailState note(String notification, EmailState state) {
        return database.plain(db -> {
            store.noteEmail(db, notification, state);
            return state;
        });
    }

    private static Failure failure(Success success, RpcException reason) {
        return Failure.newBuilder()
                .setUser(success.getUser())
                .setError(reason.toStatus())
                .setNotification(success.getNotification())
                .build();
    }

    private static RpcException underWay() {
        return new RpcException(Code.ABORTED, "another call sends the e-mail")
                .withReason("EMAIL_UNDER_WAY");
    }
}
