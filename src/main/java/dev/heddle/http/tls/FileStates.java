package dev.heddle.http.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What tells that files were changed, or that a link leads to others now.
record FileStates(List<Optional<State>> states) {
    /// Of one file.
    ///
    /// @param identity what the file system knows the file by
    private record State(long modifiedNanos, long size, String identity) {}

    static FileStates of(TlsSettings settings) {
        return new FileStates(
                Stream.of(settings.certificate(), settings.privateKey(), settings.clientCa())
                        .flatMap(Optional::stream)
                        .map(FileStates::state)
                        .toList());
    }

    private static Optional<State> state(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            var modified = attributes.lastModifiedTime().toInstant();
            return Optional.of(
                    new State(
                            modified.getEpochSecond() * 1_000_000_000 + modified.getNano(),
                            attributes.size(),
                            String.valueOf(attributes.fileKey())));
        } catch (IOException _) {
            // A file that is not there is a state too; reading it tells what is wrong.
            return Optional.empty();
        }
    }
}
