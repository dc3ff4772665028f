package dev.heddle.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Other people's programs that tests and benchmarks run.
public final class Programs {
    private Programs() {}

    /// The first folder of the `PATH` that has them all.
    public static Optional<Path> folder(String... names) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(folder ->
                        List.of(names).stream()
                                .allMatch(name -> Files.isExecutable(folder.resolve(name))))
                .findFirst();
    }
}
