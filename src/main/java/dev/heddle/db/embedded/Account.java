package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Who PostgreSQL runs as. It refuses to run as root, so a Heddle that does must find it another
/// identity: the user `postgres` or else `nobody`; or, where they may not enter the data directory,
/// root without its privileges in a user namespace of its own.
///
/// @param prefix what to put before a command so that it runs under this identity
/// @param owner who must own PostgreSQL's files, if not the one who creates them
record Account(List<String> prefix, Optional<UserPrincipal> owner) {
    private static final List<String> CANDIDATES = List.of("postgres", "nobody");
    private static final List<String> USER_NAMESPACE = List.of("unshare", "--user", "--");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// @param directory the data directory, which exists
    /// @param cluster where the database cluster is or will be; once it exists, its owner decides
    /// @throws EmbeddedPostgresException if there is no identity that works
    static Account choose(Path directory, Path cluster) throws IOException, InterruptedException {
        if (!isRoot()) {
            checkReadable(cluster);
            return new Account(List.of(), Optional.empty());
        }
        if (Files.exists(cluster)) {
            var owner = Files.getOwner(cluster);
            return owner.equals(Files.getOwner(Path.of("/proc/self")))
                    ? userNamespace(directory).orElseThrow(() -> noNamespace(cluster))
                    : user(owner).allowedInto(directory);
        }
        var user = user(candidate(directory));
        if (user.forbidden(directory).isEmpty()) {
            return user;
        }
        var namespace = userNamespace(directory);
        return namespace.isPresent() ? namespace.get() : user.allowedInto(directory);
    }

    static boolean isUnix() {
        return Path.of("/").getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /// Gives a file to this account.
    void own(Path path) throws IOException {
        if (owner.isPresent()) {
            Files.setOwner(path, owner.get());
        }
    }

    private static boolean isRoot() throws IOException {
        var self = Path.of("/proc/self");
        return isUnix() && Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(0);
    }

    private static void checkReadable(Path cluster) throws IOException {
        if (Files.exists(cluster) && !Files.isReadable(cluster)) {
            throw new EmbeddedPostgresException(
                    ("%s belongs to %s (expected: the user that Heddle runs as; was it started as"
                                    + " root before?)")
                            .formatted(cluster, Files.getOwner(cluster).getName()));
        }
    }

    private static UserPrincipal candidate(Path directory) throws IOException {
        for (var name : CANDIDATES) {
            var user = find(name, directory);
            if (user.isPresent()) {
                return user.get();
            }
        }
        throw new EmbeddedPostgresException(
                "PostgreSQL does not run as root, and there is no user %s to run it as"
                        .formatted(String.join(" or ", CANDIDATES)));
    }

    private static Optional<UserPrincipal> find(String user, Path directory) throws IOException {
        var users = directory.getFileSystem().getUserPrincipalLookupService();
        try {
            return Optional.of(users.lookupPrincipalByName(user));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Account user(UserPrincipal user) throws IOException, InterruptedException {
        var group = Command.of("id", "-g", user.getName()).run(TIMEOUT).strip();
        var prefix =
                List.of(
                        "setpriv",
                        "--reuid=" + user.getName(),
                        "--regid=" + group,
                        "--clear-groups",
                        "--");
        return new Account(prefix, Optional.of(user));
    }

    private static Optional<Account> userNamespace(Path directory)
            throws IOException, InterruptedException {
        var namespace = new Account(USER_NAMESPACE, Optional.empty());
        return namespace.mayEnter(directory) ? Optional.of(namespace) : Optional.empty();
    }

    private Account allowedInto(Path directory) throws IOException, InterruptedException {
        var forbidden = forbidden(directory);
        if (forbidden.isPresent()) {
            throw new EmbeddedPostgresException(
                    ("PostgreSQL does not run as root but as %s, who may not enter %s"
                                    + " (expected: a data directory below directories that all may"
                                    + " enter, chmod a+x; or a Heddle that is not root)")
                            .formatted(owner.orElseThrow().getName(), forbidden.get()));
        }
        return this;
    }

    private static EmbeddedPostgresException noNamespace(Path cluster) {
        return new EmbeddedPostgresException(
                ("%s belongs to root, as whom PostgreSQL does not run, and this system refuses"
                                + " a user namespace (expected: another owner, chown -R)")
                        .formatted(cluster));
    }

    /// The first directory on the way that this account may not enter. Permission bits say yes for
    /// sure, but not no, since there are groups and access lists: then the system is asked.
    private Optional<Path> forbidden(Path directory) throws IOException, InterruptedException {
        var parent = directory.getParent();
        if (parent != null) {
            var above = forbidden(parent);
            if (above.isPresent()) {
                return above;
            }
        }
        return openToAll(directory) || mayEnter(directory)
                ? Optional.empty()
                : Optional.of(directory);
    }

    private static boolean openToAll(Path directory) throws IOException {
        return Files.readAttributes(directory, PosixFileAttributes.class)
                .permissions()
                .contains(PosixFilePermission.OTHERS_EXECUTE);
    }

    private boolean mayEnter(Path directory) throws IOException, InterruptedException {
        return Command.of(this, "test", "-x", directory.toString()).succeeds(TIMEOUT);
    }
}
