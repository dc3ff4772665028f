package dev.heddle.mail;

import dev.heddle.async.Bulkhead;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/// Sends e-mails over a few connections, which are kept for the next ones.
public final class Mailer implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Mailer.class.getName());
    private static final int PERMANENT = 500;
    private static final String NOT_CONFIGURED = "MAIL_NOT_CONFIGURED";
    private static final String REFUSED = "MAIL_REFUSED";
    private static final Set<String> FINAL = Set.of(NOT_CONFIGURED, REFUSED);

    private final Settings settings;
    private final String protocol;
    private final Session session;
    private final Bulkhead bulkhead;
    private final Deque<Transport> idle = new ArrayDeque<>();
    private final AtomicBoolean outage = new AtomicBoolean();
    private boolean isClosed;

    public Mailer(Settings settings) {
        this.settings = settings;
        this.protocol = settings.encryption() == Settings.Encryption.TLS ? "smtps" : "smtp";
        this.session = Session.getInstance(properties(settings, protocol));
        this.bulkhead =
                new Bulkhead(
                        "the mail server",
                        new Bulkhead.Settings(
                                settings.connections(), settings.queue(), settings.maxWait()));
    }

    /// Whether a failure of [#send] is for good: no repetition would change it.
    public static boolean isFinal(RpcException failure) {
        return failure.reason().filter(FINAL::contains).isPresent();
    }

    /// Whether there is a mail server.
    public boolean isConfigured() {
        return !settings.host().isEmpty();
    }

    /// How many e-mails are sent at once.
    public int concurrency() {
        return settings.connections();
    }

    /// The `Message-ID` of an e-mail.
    public String messageId(Mail mail) {
        return Message.id(mail, settings.from());
    }

    /// Sends an e-mail; returns when the server has taken it.
    ///
    /// @throws RpcException FAILED_PRECONDITION, reason `MAIL_NOT_CONFIGURED`, or `MAIL_REFUSED`
    ///   where the server wants neither this nor a repetition; UNAVAILABLE, reason
    ///   `MAIL_UNAVAILABLE`, where a repetition may help; RESOURCE_EXHAUSTED, reason
    ///   [RpcException#OVERLOADED]; the task's cancellation
    public void send(Mail mail) {
        if (!isConfigured()) {
            throw notConfigured();
        }
        try (var _ = bulkhead.enter()) {
            var message = new Message(session, settings.from(), mail);
            var transport = connection();
            var isSent = false;
            try {
                transport.sendMessage(message, message.getAllRecipients());
                isSent = true;
                if (outage.getAndSet(false)) {
                    LOGGER.log(Level.INFO, "the mail server is back");
                }
            } finally {
                release(transport, isSent);
            }
        } catch (MessagingException e) {
            Task.current().ifPresent(Task::check);
            throw failure(e);
        }
    }

    /// What whoever wants an e-mail sent gets where there is no mail server.
    public static RpcException notConfigured() {
        return new RpcException(
                        Code.FAILED_PRECONDITION,
                        "there is no mail server (expected: one under mail.host)")
                .withReason(NOT_CONFIGURED);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        idle.forEach(Mailer::closeQuietly);
        idle.clear();
    }

    private Transport connection() throws MessagingException {
        for (var kept = takeIdle(); kept.isPresent(); kept = takeIdle()) {
            if (kept.get().isConnected()) {
                return kept.get();
            }
            closeQuietly(kept.get());
        }
        var transport = session.getTransport(protocol);
        var isAnonymous = settings.username().isEmpty();
        transport.connect(
                settings.host(),
                settings.port(),
                isAnonymous ? null : settings.username(),
                isAnonymous ? null : settings.password());
        return transport;
    }

    private synchronized Optional<Transport> takeIdle() {
        return Optional.ofNullable(idle.pollLast());
    }

    private void release(Transport transport, boolean isIntact) {
        synchronized (this) {
            if (isIntact && !isClosed) {
                idle.addLast(transport);
                return;
            }
        }
        closeQuietly(transport);
    }

    private static void closeQuietly(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            LOGGER.log(Level.DEBUG, "a mail connection broke while it was closed", e);
        }
    }

    private RpcException failure(MessagingException e) {
        var reply = reply(e);
        if (reply >= PERMANENT && !(e instanceof AuthenticationFailedException)) {
            return new RpcException(
                            Code.FAILED_PRECONDITION,
                            "the mail server refuses the e-mail: reply %d".formatted(reply))
                    .withReason(REFUSED)
                    .withCause(e);
        }
        if (!outage.getAndSet(true)) {
            LOGGER.log(Level.WARNING, "the mail server %s fails".formatted(settings.host()), e);
        }
        return new RpcException(Code.UNAVAILABLE, "the mail server is unavailable")
                .withReason("MAIL_UNAVAILABLE")
                .withCause(e);
    }

    /// The reply code of RFC 5321 about the recipient, or else the message; 0 if there is none.
    private static int reply(MessagingException failure) {
        var reply = 0;
        for (Exception e = failure;
                e instanceof MessagingException each;
                e = each.getNextException()) {
            switch (each) {
                case SMTPAddressFailedException address -> {
                    return address.getReturnCode();
                }
                case SMTPSendFailedException message -> reply = message.getReturnCode();
                default -> {}
            }
        }
        return reply;
    }

    private static Properties properties(Settings settings, String protocol) {
        var prefix = "mail." + protocol + ".";
        var timeout = Long.toString(settings.timeout().toMillis());
        var needsStartTls = settings.encryption() == Settings.Encryption.STARTTLS;
        var properties = new Properties();
        properties.put(prefix + "connectiontimeout", timeout);
        properties.put(prefix + "timeout", timeout);
        properties.put(prefix + "auth", Boolean.toString(!settings.username().isEmpty()));
        properties.put(prefix + "starttls.enable", Boolean.toString(needsStartTls));
        properties.put(prefix + "starttls.required", Boolean.toString(needsStartTls));
        properties.put(prefix + "ssl.checkserveridentity", "true");
        properties.put(prefix + "from", settings.from());
        return properties;
    }
}
