package dev.heddle.facade.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A media type or a range of them (RFC 9110, 8.3.1 and 12.5.1), all but the parameters' values in
/// lower case.
///
/// @param type such as `application`; `*` for any
/// @param subtype such as `json`; `*` for any
record MediaType(String type, String subtype, Map<String, String> parameters) {
    static final MediaType ANY = new MediaType("*", "*", Map.of());

    /// A type that nothing is of.
    static final MediaType NONE = new MediaType("", "", Map.of());

    /// Empty where the text is none.
    static Optional<MediaType> parse(String text) {
        var parts = HeaderLists.split(text, ';');
        var name = parts.getFirst().toLowerCase(Locale.ROOT);
        var slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1 || name.indexOf(' ') >= 0) {
            return Optional.empty();
        }
        var parameters = new LinkedHashMap<String, String>();
        for (var part : parts.subList(1, parts.size())) {
            var equals = part.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        HeaderLists.unquoted(part.substring(equals + 1).strip()));
            }
        }
        return Optional.of(
                new MediaType(
                        name.substring(0, slash),
                        name.substring(slash + 1),
                        Map.copyOf(parameters)));
    }

    /// The type without its parameters.
    String name() {
        return type + "/" + subtype;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /// How exactly this range means a type: 0 not at all, 3 exactly.
    int precision(String name) {
        if (name().equals(name)) {
            return 3;
        }
        if (subtype.equals("*") && name.startsWith(type + "/")) {
            return 2;
        }
        return equals(new MediaType("*", "*", parameters)) ? 1 : 0;
    }
}
