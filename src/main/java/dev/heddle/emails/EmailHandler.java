package dev.heddle.emails;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.JobHandler;
import dev.heddle.jobs.PayloadFields;
import dev.heddle.jobs.PermanentFailureException;
import dev.heddle.mail.Addresses;
import dev.heddle.mail.Mail;
import dev.heddle.mail.Mailer;
import dev.heddle.rpc.RpcException;
import java.util.Set;

/// Sends e-mails. The payload is `{"to": "ada@example.com", "subject": "Hello", "text": "…"}`. The
/// `Message-ID` is made of the job's id, so that a mailbox shows an e-mail once that an attempt
/// sent whose gateway was lost before it could say so. The result is `{"messageId": "…"}`.
public final class EmailHandler implements JobHandler {
    private static final String TO = "to";
    private static final String SUBJECT = "subject";
    private static final String TEXT = "text";
    private static final int LONGEST_ADDRESS = 254;
    private static final int LONGEST_SUBJECT = 200;
    private static final int LONGEST_TEXT = 100_000;

    private final Mailer mailer;

    public EmailHandler(Mailer mailer) {
        this.mailer = mailer;
    }

    /// Refuses other payloads.
    ///
    /// @throws RpcException INVALID_ARGUMENT
    public static void check(Struct payload) {
        var _ = mail("0", payload);
    }

    @Override
    public Struct run(Struct payload, JobContext context) {
        var mail = mail(context.id(), payload);
        try {
            mailer.send(mail);
        } catch (RpcException e) {
            throw Mailer.isFinal(e) ? new PermanentFailureException(e) : e;
        }
        return Struct.newBuilder()
                .putFields(
                        "messageId",
                        Value.newBuilder().setStringValue(mailer.messageId(mail)).build())
                .build();
    }

    private static Mail mail(String id, Struct payload) {
        var fields = PayloadFields.of(payload, Set.of(TO, SUBJECT, TEXT));
        var to = fields.text(TO, LONGEST_ADDRESS);
        if (!Addresses.isAddress(to)) {
            throw PayloadFields.invalid(
                    TO, "%s (expected: an address such as ada@example.com)".formatted(to));
        }
        var subject = fields.text(SUBJECT, LONGEST_SUBJECT);
        if (subject.codePoints().anyMatch(Character::isISOControl)) {
            throw PayloadFields.invalid(SUBJECT, "expected: one line of text");
        }
        return new Mail(id, to, subject, fields.text(TEXT, LONGEST_TEXT));
    }
}
