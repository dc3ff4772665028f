package dev.heddle.rpc;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/// Whom an address stands for, where calls and connections are counted.
public final class PeerAddress {
    /// A subscriber gets a network of so many bytes at least (RFC 6177), and may take any address
    /// of it.
    private static final int NETWORK = 8;

    private PeerAddress() {}

    /// The address of a peer without its port; of IPv6, the network of 64 bits that it is in.
    ///
    /// @param peer such as `192.0.2.1:4711` or `2001:db8::1:4711`
    public static String of(String peer) {
        var colon = peer.lastIndexOf(':');
        return ofHost(colon < 0 ? peer : peer.substring(0, colon));
    }

    /// The same, of an address that has no port.
    public static String ofHost(String host) {
        if (host.indexOf(':') < 0) {
            return host;
        }
        try {
            return InetAddress.ofLiteral(host) instanceof Inet6Address address
                    ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK))
                    : host;
        } catch (IllegalArgumentException _) {
            // No address, but it still tells one peer from another.
            return host;
        }
    }
}
