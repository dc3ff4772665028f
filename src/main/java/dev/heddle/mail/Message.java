package dev.heddle.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// An e-mail as it goes over the wire (RFC 5322).
final class Message extends MimeMessage {
    private static final String CHARSET = StandardCharsets.UTF_8.name();

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ENGLISH);

    private final String id;

    /// @throws MessagingException for an address that is none
    Message(Session session, String from, Mail mail) throws MessagingException {
        super(session);
        this.id = id(mail, from);
        setFrom(new InternetAddress(from, true));
        setRecipient(RecipientType.TO, new InternetAddress(mail.to(), true));
        setSubject(mail.subject(), CHARSET);
        setText(mail.text(), CHARSET);
        setHeader("Date", OffsetDateTime.now(ZoneOffset.UTC).format(DATE));
        saveChanges();
    }

    /// What an e-mail is known by (RFC 5322, section 3.6.4).
    static String id(Mail mail, String from) {
        return "<%s@%s>".formatted(mail.id(), from.substring(from.lastIndexOf('@') + 1));
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }
}
