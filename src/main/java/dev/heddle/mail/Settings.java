package dev.heddle.mail;

import java.time.Duration;

/// The mail server, and how it is used.
///
/// @param host its name; empty, the default: there is none, and no e-mail can be sent; key
///   `mail.host`
/// @param port its port; 1 to 65535, default 587; key `mail.port`
/// @param encryption how the connection is encrypted; default STARTTLS; key `mail.encryption`
/// @param username empty, the default: nobody signs in; key `mail.username`
/// @param password key `mail.password`
/// @param from the address of the sender, default `heddle@localhost`; key `mail.from`
/// @param timeout how long the server may take to connect, and to each answer; at least 1 ms,
///   default 10 s; key `mail.timeout`
/// @param connections how many e-mails are sent at once; 1 to 100, default 8; key
///   `mail.connections`
/// @param queue how many more wait for that; at least 0, default 1000; key `mail.queue`
/// @param maxWait and how long; at least 0, default 30 s; key `mail.max-wait`
public record Settings(
        String host,
        int port,
        Encryption encryption,
        String username,
        String password,
        String from,
        Duration timeout,
        int connections,
        int queue,
        Duration maxWait) {
    /// The defaults.
    public static final Settings DEFAULT =
            new Settings(
                    "",
                    587,
                    Encryption.STARTTLS,
                    "",
                    "",
                    "heddle@localhost",
                    Duration.ofSeconds(10),
                    8,
                    1000,
                    Duration.ofSeconds(30));

    private static final int MAX_PORT = 65_535;
    private static final int MAX_CONNECTIONS = 100;

    /// How a connection is encrypted.
    public enum Encryption {
        /// Not at all: for a server on the same machine.
        NONE,
        /// From a command on, which the server must know (RFC 3207).
        STARTTLS,
        /// From its beginning (RFC 8314).
        TLS
    }

    public Settings {
        check(port >= 1 && port <= MAX_PORT, "port", port, "1 to 65535");
        check(from.contains("@"), "from", from, "an address");
        check(timeout.toMillis() >= 1, "timeout", timeout, ">= 1 ms");
        check(
                connections >= 1 && connections <= MAX_CONNECTIONS,
                "connections",
                connections,
                "1 to 100");
        check(queue >= 0, "queue", queue, ">= 0");
        check(!maxWait.isNegative(), "max-wait", maxWait, ">= 0");
    }

    /// Without the password.
    @Override
    public String toString() {
        return "Settings[host=%s, port=%d, username=%s]".formatted(host, port, username);
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "mail.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
