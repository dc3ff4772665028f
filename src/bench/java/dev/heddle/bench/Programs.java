package dev.heddle.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Other people's programs that benchmarks run.
final class Programs {
    private Programs() {}

    /// The first folder of the `PATH` that has them all.
    static Optional<Path> folder(String... names) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(Path::of)
                .filter(folder ->
                        List.of(names).stream()
                                .allMatch(name -> Files.isExecutable(folder.resolve(name))))
                .findFirst();
    }
}
