package dev.heddle.files;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.Set;

/// The names of files, which are for people and never lead anywhere.
final class FileNames {
    private static final String NONE = "unnamed";
    private static final int MAX_BYTES = 255;

    /// What turns the direction of text, so that `gpj.exe` reads `exe.jpg`.
    private static final String DIRECTIONS =
            "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private FileNames() {}

    /// A name as it is kept: of what a caller gives, which may be a path of its own machine, what
    /// is behind the last slash or backslash (RFC 6266, section 4.3).
    ///
    /// @throws RpcException INVALID_ARGUMENT, reason `FILE_NAME_INVALID`
    static String of(String given) {
        var slash = Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\'));
        var name = Normalizer.normalize(given.substring(slash + 1), Normalizer.Form.NFC).strip();
        if (given.isEmpty()) {
            return NONE;
        }
        problem(name)
                .ifPresent(expected -> {
                    throw new RpcException(
                                    Code.INVALID_ARGUMENT,
                                    "name: not the name of a file (expected: %s)"
                                            .formatted(expected))
                            .withReason("FILE_NAME_INVALID");
                });
        return name;
    }

    private static Optional<String> problem(String name) {
        if (name.isEmpty() || Set.of(".", "..").contains(name)) {
            return Optional.of("something behind the last slash");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("at most %d bytes of UTF-8".formatted(MAX_BYTES));
        }
        return name.codePoints().anyMatch(FileNames::isUnfit)
                ? Optional.of("no characters that control text")
                : Optional.empty();
    }

    private static boolean isUnfit(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    true;
            default -> DIRECTIONS.indexOf(character) >= 0;
        };
    }
}
