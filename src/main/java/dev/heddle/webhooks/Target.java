package dev.heddle.webhooks;

import dev.heddle.jobs.PayloadFields;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a webhook goes.
///
/// An address within the URL is judged when the job is enqueued, a name when it is sent: it is
/// looked up once, and the connection goes to the address that was judged, whatever the name may
/// stand for a moment later.
///
/// @param uri its URL
/// @param isPrivateAllowed whether it may be off the internet
record Target(URI uri, boolean isPrivateAllowed) {
    /// The reason of a failure of a server that can't be reached or does not answer.
    static final String UNREACHABLE = "WEBHOOK_UNREACHABLE";

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int LAST_PORT = 65_535;

    /// A last part that readers of addresses take for a number, be it octal or hexadecimal.
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");

    /// Looks up names.
    @FunctionalInterface
    interface Names {
        /// The addresses of a host: at least one.
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    /// Reads a URL.
    ///
    /// @throws RpcException INVALID_ARGUMENT for one that nothing is sent to
    static Target of(String url, boolean isPrivateAllowed) {
        var target = new Target(parse(url), isPrivateAllowed);
        if (target.isLiteral() && !target.isAllowed(target.literal())) {
            throw invalid("an address on the internet");
        }
        return target;
    }

    private static URI parse(String url) {
        try {
            var uri = new URI(url);
            var scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            if (!(scheme.equals("http") || scheme.equals("https"))
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawFragment() != null
                    || uri.getPort() == 0
                    || uri.getPort() > LAST_PORT) {
                throw invalid("http:// or https:// and a host, without user name and fragment");
            }
            return uri;
        } catch (URISyntaxException _) {
            throw invalid("a URL in ASCII");
        }
    }

    boolean isSecure() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    int port() {
        if (uri.getPort() > 0) {
            return uri.getPort();
        }
        return isSecure() ? HTTPS : HTTP;
    }

    /// The host's name, or its address as text.
    String host() {
        var host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// Where to connect to. It carries the host's name, which is what a certificate is for.
    ///
    /// @throws RpcException UNAVAILABLE, reason [#UNREACHABLE], for a name that nobody knows now;
    ///   FAILED_PRECONDITION, reason `WEBHOOK_ADDRESS_REFUSED`, for a host off the internet
    InetAddress address(Names names) {
        try {
            var addresses = isLiteral() ? new InetAddress[] {literal()} : names.addresses(host());
            if (!Arrays.stream(addresses).allMatch(this::isAllowed)) {
                // which address that is, is not for everybody to know
                throw new RpcException(
                                Code.FAILED_PRECONDITION,
                                "%s is no host on the internet (expected: one)".formatted(host()))
                        .withReason("WEBHOOK_ADDRESS_REFUSED");
            }
            return InetAddress.getByAddress(host(), addresses[0].getAddress());
        } catch (UnknownHostException e) {
            throw new RpcException(Code.UNAVAILABLE, "the host %s is not known".formatted(host()))
                    .withReason(UNREACHABLE)
                    .withCause(e);
        }
    }

    private boolean isAllowed(InetAddress address) {
        return isPrivateAllowed || PublicAddresses.contain(address);
    }

    private boolean isLiteral() {
        return uri.getHost().startsWith("[") || NUMBER.matcher(uri.getHost()).matches();
    }

    private InetAddress literal() {
        try {
            var address = InetAddress.ofLiteral(host());
            if (uri.getHost().startsWith("[") || address.getHostAddress().equals(host())) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // the message below says it
        }
        throw invalid("an address as four decimal numbers, or IPv6 in brackets");
    }

    private static RpcException invalid(String expected) {
        return PayloadFields.invalid(
                WebhookHandler.URL, "not an address to send to (expected: %s)".formatted(expected));
    }
}
