package dev.heddle.feed;

import dev.heddle.rpc.RpcException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Topics by name and by pattern. A pattern is the beginning of names with a `*` behind it:
/// `chat.*`, or `*` for all.
///
/// @param names the names
/// @param prefixes the beginnings
public record Topics(Set<String> names, List<String> prefixes) {
    /// No topics.
    public static final Topics NONE = new Topics(Set.of(), List.of());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final Pattern PATTERN =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,198})?\\*");

    public Topics {
        names = Set.copyOf(names);
        prefixes = List.copyOf(prefixes);
    }

    /// A topic by its name.
    public static Topics of(String name) {
        return new Topics(Set.of(name), List.of());
    }

    /// Reads what callers write.
    ///
    /// @param texts names and patterns
    /// @param field the field of the request that they stand in
    /// @throws RpcException INVALID_ARGUMENT for what is neither
    public static Topics parse(List<String> texts, String field) {
        for (var text : texts) {
            if (!NAME.matcher(text).matches() && !PATTERN.matcher(text).matches()) {
                throw RpcException.invalidField(
                        field,
                        "\"%s\" (expected: a name of letters, digits, '.', '_' and '-', or the beginning of names and *)"
                                .formatted(text));
            }
        }
        return new Topics(
                texts.stream().filter(text -> !isPattern(text)).collect(Collectors.toSet()),
                texts.stream()
                        .filter(Topics::isPattern)
                        .map(text -> text.substring(0, text.length() - 1))
                        .distinct()
                        .toList());
    }

    /// Checks the name of a topic: 1 to 200 letters, digits, `.`, `_` and `-`, the first of them a
    /// letter or a digit.
    ///
    /// @throws RpcException INVALID_ARGUMENT for any other
    public static void check(String name, String field) {
        if (!NAME.matcher(name).matches()) {
            throw RpcException.invalidField(
                    field,
                    "\"%s\" (expected: 1 to 200 letters, digits, '.', '_' and '-')"
                            .formatted(name));
        }
    }

    /// How many names and patterns there are.
    int count() {
        return names.size() + prefixes.size();
    }

    /// Whether a topic is among them.
    public boolean contains(String topic) {
        return names.contains(topic) || prefixes.stream().anyMatch(topic::startsWith);
    }

    private static boolean isPattern(String text) {
        return text.endsWith("*");
    }
}
