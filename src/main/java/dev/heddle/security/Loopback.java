package dev.heddle.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Addresses that this machine alone can reach.
public final class Loopback {
    private Loopback() {}

    /// Whether a name or an address means this machine alone; not so for one that nobody knows.
    public static boolean isLoopback(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
