package dev.heddle;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The values of all keys, from `etc/application.yaml` (which has every key), a file that overrides
/// it, and the environment, which overrides both.
final class Configuration {
    private static final String ENVIRONMENT_PREFIX = "HEDDLE_";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(KiB|MiB|GiB)?");

    private static final Pattern PLACE = Pattern.compile("line \\d+, column \\d+");

    private final Config config;

    private Configuration(Config config) {
        this.config = config;
    }

    /// A value or a file that can't be used; the message is for the person who wrote it.
    static final class InvalidException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    /// @param file overrides the defaults; it must exist
    /// @param overrides values by key, stronger than everything else
    static Configuration load(
            Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
        var defaults = ConfigSources.classpath("application.yaml").build();
        var keys = leaves(Config.just(defaults));
        var layers =
                Config.builder()
                        .disableEnvironmentVariablesSource()
                        .disableSystemPropertiesSource()
                        .disableValueResolving()
                        .addSource(ConfigSources.create(overrides))
                        .addSource(ConfigSources.create(fromEnvironment(keys, environment)));
        file.ifPresent(path -> layers.addSource(ConfigSources.create(fromFile(path, keys))));
        return new Configuration(layers.addSource(defaults).build());
    }

    private static Config fromFile(Path path, Set<String> keys) {
        if (!Files.isReadable(path)) {
            throw new InvalidException(
                    "--config %s: can't be read (expected: a YAML file)".formatted(path));
        }
        var values = parse(path);
        for (var key : leaves(values)) {
            if (!isKnown(key, keys)) {
                throw new InvalidException(
                        "%s: no key %s (expected: one of %s)"
                                .formatted(path, key, siblings(key, keys)));
            }
        }
        return values;
    }

    /// What the parser says of a file shows lines of it, which may hold a secret: all that is told
    /// is where it stopped.
    private static Config parse(Path path) {
        try {
            return Config.builder(ConfigSources.file(path))
                    .disableEnvironmentVariablesSource()
                    .disableSystemPropertiesSource()
                    .disableValueResolving()
                    .build();
        } catch (ConfigException e) {
            throw new InvalidException(
                    "%s: can't be parsed%s (expected: YAML)".formatted(path, place(e)));
        }
    }

    private static String place(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var place = PLACE.matcher(String.valueOf(cause.getMessage()));
            if (place.find()) {
                return " at " + place.group();
            }
        }
        return "";
    }

    /// The keys of list elements end in a number: what counts is the list.
    private static boolean isKnown(String key, Set<String> keys) {
        return keys.contains(key) || keys.contains(key.replaceFirst("\\.\\d+$", ""));
    }

    private static String siblings(String key, Set<String> keys) {
        var section = key.contains(".") ? key.substring(0, key.indexOf('.') + 1) : "";
        var within = keys.stream().filter(k -> k.startsWith(section)).toList();
        return String.join(", ", within.isEmpty() ? keys : within);
    }

    private static Set<String> leaves(Config config) {
        return config.traverse()
                .filter(node -> node.type() == Config.Type.VALUE || node.type() == Config.Type.LIST)
                .map(node -> node.key().toString())
                .filter(key -> !key.matches(".*\\.\\d+"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> fromEnvironment(
            Set<String> keys, Map<String, String> environment) {
        var values = new HashMap<String, String>();
        for (var key : keys) {
            var value = environment.get(variable(key));
            if (value != null) {
                values.put(key, value);
            }
        }
        return values;
    }

    /// The variable of the environment that overrides a key.
    static String variable(String key) {
        return ENVIRONMENT_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    String string(String key) {
        return config.get(key).asString().orElse("");
    }

    /// A secret: the value of its key, or what is in the file that the key with `-file` behind it
    /// names, without the line end there. What it is never gets into a message.
    String secret(String key) {
        var fileKey = key + "-file";
        var file = string(fileKey);
        if (file.isEmpty()) {
            return string(key);
        }
        if (!string(key).isEmpty()) {
            throw new InvalidException(
                    "%s: set, and %s too (expected: one of them)".formatted(key, fileKey));
        }
        return SecretText.read(fileKey, Path.of(file));
    }

    /// The values of a list, which the environment has with commas between them.
    List<String> strings(String key) {
        var text = string(key).strip();
        return text.isEmpty()
                ? config.get(key).asList(String.class).orElse(List.of())
                : Pattern.compile("\\s*,\\s*")
                        .splitAsStream(text)
                        .filter(s -> !s.isEmpty())
                        .toList();
    }

    /// The values of a list whose elements read `name=value`, in their order.
    Map<String, String> named(String key) {
        var values = new LinkedHashMap<String, String>();
        for (var element : strings(key)) {
            var parts = element.split("=", 2);
            if (parts.length < 2 || parts[0].isBlank()) {
                throw new InvalidException(
                        "%s: \"%s\" (expected: name=value)".formatted(key, element));
            }
            if (values.putIfAbsent(parts[0].strip(), parts[1].strip()) != null) {
                throw new InvalidException("%s: %s twice".formatted(key, parts[0].strip()));
            }
        }
        return Collections.unmodifiableMap(values);
    }

    Path path(String key) {
        return Path.of(string(key));
    }

    boolean flag(String key) {
        return switch (string(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(key, "true or false");
        };
    }

    /// The constant of an enum that the value names, in small letters.
    <E extends Enum<E>> E choice(String key, Class<E> type) {
        var constants = List.of(type.getEnumConstants());
        var names = constants.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
        var index = names.indexOf(string(key));
        if (index < 0) {
            throw new InvalidException(
                    "%s: %s (expected: %s or %s)"
                            .formatted(
                                    key,
                                    string(key),
                                    String.join(", ", names.subList(0, names.size() - 1)),
                                    names.getLast()));
        }
        return constants.get(index);
    }

    int integer(String key) {
        return parse(key, "a whole number", Integer::valueOf);
    }

    Duration duration(String key) {
        return parse(key, "a duration such as 500ms, 30s, 5m or 2h", Configuration::parseDuration);
    }

    /// @throws NumberFormatException for what is no duration
    static Duration parseDuration(String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new NumberFormatException(text);
        }
        var amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /// A size in bytes.
    long bytes(String key) {
        return parse(
                        key,
                        "a size such as 512, 64KiB or 16MiB",
                        text -> {
                            var parts = SIZE.matcher(text);
                            if (!parts.matches()) {
                                throw new NumberFormatException(text);
                            }
                            var amount = new BigInteger(parts.group(1));
                            return switch (parts.group(2)) {
                                case "KiB" -> amount.shiftLeft(10);
                                case "MiB" -> amount.shiftLeft(20);
                                case "GiB" -> amount.shiftLeft(30);
                                case null, default -> amount;
                            };
                        })
                .longValueExact();
    }

    private <T> T parse(String key, String expectation, Function<String, T> parser) {
        try {
            return parser.apply(string(key).strip());
        } catch (NumberFormatException | ArithmeticException e) {
            throw invalid(key, expectation);
        }
    }

    private InvalidException invalid(String key, String expectation) {
        return new InvalidException(
                "%s: \"%s\" (expected: %s)".formatted(key, string(key), expectation));
    }
}
