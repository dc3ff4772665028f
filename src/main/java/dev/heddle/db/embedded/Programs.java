package dev.heddle.db.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// PostgreSQL's programs for this operating system and processor, unpacked from the archive on the
/// class path.
///
/// @param directory where they are
record Programs(Path directory) {
    private static final String PREFIX = "bin-";
    private static final String PARTIAL = ".partial-";

    /// Unpacks the programs into a directory below `parent`, unless an earlier start did. Several
    /// processes may do so at once.
    static Programs unpackInto(Path parent) throws IOException {
        var archive = archive();
        var directory = parent.resolve(PREFIX + checksum(archive));
        if (!Files.isDirectory(directory)) {
            deleteAbandoned(parent);
            unpack(archive, directory);
        }
        return new Programs(directory);
    }

    /// The path of one of them: `initdb`, `pg_ctl` or `postgres`.
    String path(String name) {
        return directory.resolve("bin", name).toString();
    }

    private static URL archive() {
        var name = "postgres-%s-%s.txz".formatted(operatingSystem(), processor());
        var archive = Programs.class.getResource("/" + name);
        if (archive == null) {
            throw new EmbeddedPostgresException(
                    ("no embedded PostgreSQL for this machine: %s is not on the class path"
                                    + " (expected: a build on this machine, or the URL of a"
                                    + " PostgreSQL in the configuration)")
                            .formatted(name));
        }
        return archive;
    }

    private static String operatingSystem() {
        var name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : name;
    }

    // Windows on arm64 runs the programs of x86_64, and there are no others.

    private static String processor() {
        if (operatingSystem().equals("windows")) {
            return "x86_64";
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            case String other -> other;
        };
    }

    // The jar's own checksum costs nothing, and tells versions apart without naming them here.
    private static String checksum(URL archive) throws IOException {
        if (!(archive.openConnection() instanceof JarURLConnection connection)) {
            throw new EmbeddedPostgresException(
                    "%s (expected: an entry of a jar)".formatted(archive));
        }
        connection.setUseCaches(false);
        try (var jar = connection.getJarFile()) {
            var crc = jar.getEntry(connection.getEntryName()).getCrc();
            return HexFormat.of().toHexDigits(crc, 8);
        }
    }

    private static void unpack(URL archive, Path directory) throws IOException {
        var partial = Path.of(directory + PARTIAL + ProcessHandle.current().pid());
        Directories.createReadable(partial);
        try (var file = new BufferedInputStream(archive.openStream());
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(file))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, partial);
            }
        }
        try {
            Directories.rename(partial, directory);
        } catch (IOException e) {
            Directories.delete(partial);
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            // another process was faster
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
            throws IOException {
        var path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("%s leads out of the archive".formatted(entry.getName()));
        }
        if (entry.isDirectory()) {
            Directories.createReadable(path);
            return;
        }
        Directories.createReadable(Directories.parent(path));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, root.resolve(entry.getLinkName()));
        } else {
            Files.copy(tar, path);
            Directories.makeReadable(path, (entry.getMode() & 0100) != 0);
        }
    }

    // Named after the process that was unpacking, so that the work of a live one is left alone.
    private static void deleteAbandoned(Path parent) throws IOException {
        try (var partials = Files.newDirectoryStream(parent, PREFIX + "*" + PARTIAL + "*")) {
            for (var partial : partials) {
                var name = partial.toString();
                var pid = Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
                if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
                    Directories.delete(partial);
                }
            }
        }
    }
}
