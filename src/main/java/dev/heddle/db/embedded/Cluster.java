package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/// The database cluster: the files in which PostgreSQL keeps its databases.
///
/// @param directory where it is or will be
/// @param programs PostgreSQL's programs
/// @param account who owns it
record Cluster(Path directory, Programs programs, Account account) {
    static final String USERNAME = "heddle";
    static final String DATABASE = "heddle";

    private static final String MAJOR_VERSION = "18";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String PASSWORD = "heddle.password";
    private static final String CONFIGURATION = "heddle.conf";

    /// Creates it, unless an earlier start did.
    void createIfMissing() throws IOException, InterruptedException {
        var workplace = directory.resolveSibling(directory.getFileName() + ".partial");
        Directories.delete(workplace);
        if (Files.exists(directory)) {
            checkVersion();
            return;
        }
        Files.createDirectory(workplace);
        Directories.setPermissions(workplace, "rwx------");
        account.own(workplace);
        var partial = new Cluster(workplace.resolve("data"), programs, account);
        partial.create(workplace.resolve(PASSWORD));
        Directories.rename(partial.directory, directory);
        Files.delete(workplace);
    }

    /// The password of the user [#USERNAME], made up when the cluster was created.
    String password() throws IOException {
        return Files.readString(directory.resolve(PASSWORD)).strip();
    }

    /// Writes what PostgreSQL shall run with.
    void configure(Map<String, String> parameters) throws IOException {
        var file = directory.resolve(CONFIGURATION);
        var text =
                parameters.entrySet().stream()
                        .map(p -> "%s = '%s'\n".formatted(p.getKey(), quoted(p.getValue())))
                        .collect(Collectors.joining("", "# written by Heddle at each start\n", ""));
        Files.writeString(file, text);
        Directories.setPermissions(file, "rw-------");
        account.own(file);
    }

    private void create(Path passwordFile) throws IOException, InterruptedException {
        createSecret(passwordFile);
        Command.of(
                        account,
                        programs.path("initdb"),
                        "--pgdata=" + directory,
                        "--username=" + USERNAME,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--data-checksums")
                .run(TIMEOUT);
        Command.of(
                        account,
                        programs.path("postgres"),
                        "--single",
                        "-D",
                        directory.toString(),
                        "postgres")
                .withInput("CREATE DATABASE " + DATABASE + "\n")
                .run(TIMEOUT);
        Files.writeString(
                directory.resolve("postgresql.conf"),
                "\ninclude '%s'\n".formatted(CONFIGURATION),
                StandardOpenOption.APPEND);
        Files.move(passwordFile, directory.resolve(PASSWORD));
    }

    private void createSecret(Path file) throws IOException {
        var random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.createFile(file);
        Directories.setPermissions(file, "rw-------");
        Files.writeString(
                file,
                Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n",
                StandardOpenOption.SYNC);
        account.own(file);
    }

    private void checkVersion() throws IOException {
        var version = Files.readString(directory.resolve("PG_VERSION")).strip();
        if (!version.equals(MAJOR_VERSION)) {
            throw new EmbeddedPostgresException(
                    ("%s was made by PostgreSQL %s (expected: %s; move it with pg_dumpall, or"
                                    + " upgrade it with pg_upgrade)")
                            .formatted(directory, version, MAJOR_VERSION));
        }
    }

    private static String quoted(String value) {
        return value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n");
    }
}
