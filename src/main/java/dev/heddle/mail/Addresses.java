package dev.heddle.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;

/// The addresses of people.
public final class Addresses {
    private Addresses() {}

    /// Whether a text is an address (RFC 5322, section 3.4.1), and nothing but one.
    public static boolean isAddress(String text) {
        try {
            return text.contains("@") && new InternetAddress(text, true).getAddress().equals(text);
        } catch (AddressException _) {
            return false;
        }
    }
}
