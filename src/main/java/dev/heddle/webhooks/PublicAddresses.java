package dev.heddle.webhooks;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Which addresses belong to servers on the internet, by the registries of addresses with a special
/// purpose (RFC 6890 and what IANA has added since).
final class PublicAddresses {
    /// All of IPv6 that has been given to anybody; the rest embeds other addresses or is local.
    private static final Block GLOBAL = Block.of("2000::/3");

    private static final List<Block> SPECIAL =
            Stream.of(
                            "0.0.0.0/8", // this network
                            "10.0.0.0/8", // private
                            "100.64.0.0/10", // shared by the customers of a provider
                            "127.0.0.0/8", // loopback
                            "169.254.0.0/16", // link-local, with the metadata of clouds
                            "172.16.0.0/12", // private
                            "192.0.0.0/24", // protocols
                            "192.0.2.0/24", // documentation
                            "192.88.99.0/24", // 6to4 relays
                            "192.168.0.0/16", // private
                            "198.18.0.0/15", // benchmarks
                            "198.51.100.0/24", // documentation
                            "203.0.113.0/24", // documentation
                            "224.0.0.0/4", // multicast
                            "240.0.0.0/4", // reserved, and broadcast
                            "2001::/23", // protocols, with Teredo, which embeds IPv4
                            "2001:db8::/32", // documentation
                            "2002::/16", // 6to4, which embeds IPv4
                            "3fff::/20") // documentation
                    .map(Block::of)
                    .toList();

    private PublicAddresses() {}

    static boolean contain(InetAddress address) {
        // Java has read an IPv6 address that stands for one of IPv4 as the latter
        var bytes = address.getAddress();
        return (bytes.length == Block.IPV4 || GLOBAL.contains(bytes))
                && SPECIAL.stream().noneMatch(block -> block.contains(bytes));
    }

    /// The addresses that begin alike.
    ///
    /// @param size how many bytes they have
    /// @param beginning the bits that they share
    /// @param rest how many bits follow
    private record Block(int size, BigInteger beginning, int rest) {
        private static final int IPV4 = 4;

        static Block of(String text) {
            var slash = text.indexOf('/');
            var bytes = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            var rest = bytes.length * Byte.SIZE - Integer.parseInt(text.substring(slash + 1));
            return new Block(bytes.length, new BigInteger(1, bytes).shiftRight(rest), rest);
        }

        boolean contains(byte[] address) {
            return address.length == size
                    && new BigInteger(1, address).shiftRight(rest).equals(beginning);
        }
    }
}
