package dev.heddle.http;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// By which names of the server a request may come: `Host` over HTTP/1.1, `:authority` over HTTP/2.
///
/// A page of the internet may have the name of its own site resolve to an address of this machine,
/// and then call what listens there as if it were that site ("DNS rebinding"). The browser tells by
/// the name, which the page can't forge. A name has to be somebody's for that, so addresses and
/// `localhost` with what is below it (RFC 6761, section 6.3) are always allowed.
public final class HostRules {
    /// All names are allowed.
    public static final HostRules ANY = new HostRules(Set.of("*"));

    /// The reason of a refusal; PERMISSION_DENIED, over HTTP status 421 (RFC 9110, section 7.4).
    public static final String HOST_NOT_ALLOWED = "HOST_NOT_ALLOWED";

    private static final String LOCAL = "localhost";
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[.*");
    private static final int MAX_SHOWN = 100;

    private final Set<String> allowed;

    /// Most requests come by the same.
    private volatile String lastAllowed = "";

    private HostRules(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /// The rules of a server. Where no names are given, all are allowed, but for plaintext on an
    /// address of this machine alone: there none are. Under TLS no page can have a certificate for
    /// a name that is not the server's.
    ///
    /// @param listensOn the address or name that the server listens on
    /// @param isSecure whether it speaks TLS
    /// @param names such as `heddle.example`, or `.example` for all below it, or `*` for all;
    ///   without a port
    public static HostRules of(String listensOn, boolean isSecure, Set<String> names) {
        for (var name : names) {
            if (!name.equals("*") && !name.matches("\\.?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
                throw new IllegalArgumentException(
                        "server.allowed-hosts: %s (expected: a name such as heddle.example, .example for all below it, or *)"
                                .formatted(name));
            }
        }
        if (names.isEmpty()) {
            return isLoopback(listensOn) && !isSecure ? new HostRules(Set.of()) : ANY;
        }
        return new HostRules(
                names.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static boolean isLoopback(String address) {
        return isLocal(address) || address.startsWith("127.") || address.matches("\\[?::1]?");
    }

    private static boolean isLocal(String name) {
        return name.equals(LOCAL) || name.endsWith("." + LOCAL);
    }

    /// Whether a request came by a name of this machine that no other has.
    public static boolean isLocal(Headers headers) {
        return headers.first("host").map(HostRules::name).filter(HostRules::isLocal).isPresent();
    }

    /// Why a request is refused; empty if it is not.
    ///
    /// @param headers with `host`, also where that came as `:authority`
    public Optional<RpcException> refusal(Headers headers) {
        return headers.first("host").flatMap(this::refusal);
    }

    /// The same for what stood in `host`.
    public Optional<RpcException> refusal(String host) {
        if (host.equals(lastAllowed)) {
            return Optional.empty();
        }
        if (allows(name(host))) {
            lastAllowed = host;
            return Optional.empty();
        }
        return Optional.of(
                new RpcException(
                                Code.PERMISSION_DENIED,
                                "host %s is not served here (expected: an address, localhost, or one of server.allowed-hosts)"
                                        .formatted(shortened(host)))
                        .withReason(HOST_NOT_ALLOWED));
    }

    private boolean allows(String name) {
        return allowed.contains("*")
                || name.isEmpty()
                || isLocal(name)
                || ADDRESS.matcher(name).matches()
                || allowed.contains(name)
                || isBelowAllowed(name);
    }

    private boolean isBelowAllowed(String name) {
        for (var dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (allowed.contains(name.substring(dot))) {
                return true;
            }
        }
        return false;
    }

    /// Without the port, and without the dot that may end a name.
    private static String name(String host) {
        var colon = host.startsWith("[") ? host.indexOf("]:") + 1 : host.lastIndexOf(':');
        var name = colon > 0 ? host.substring(0, colon) : host;
        return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
                .toLowerCase(Locale.ROOT);
    }

    private static String shortened(String host) {
        return host.length() <= MAX_SHOWN ? host : host.substring(0, MAX_SHOWN) + "…";
    }
}
