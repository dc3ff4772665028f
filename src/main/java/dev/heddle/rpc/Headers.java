package dev.heddle.rpc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/// Header fields or gRPC metadata: names in lower case, each with its values in the order of
/// arrival. The value of a name that ends in `-bin` is base64, as gRPC has it on the wire.
public final class Headers {
    private static final Headers EMPTY = new Headers(Map.of());

    private final Map<String, List<String>> values;

    private Headers(Map<String, List<String>> values) {
        this.values = values;
    }

    public static Headers empty() {
        return EMPTY;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The first value under a name, whatever the case of its letters.
    public Optional<String> first(String name) {
        var all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    /// All values under a name, whatever the case of its letters.
    public List<String> all(String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    public boolean contains(String name) {
        return values.containsKey(name.toLowerCase(Locale.ROOT));
    }

    public Set<String> names() {
        return values.keySet();
    }

    public void forEach(BiConsumer<String, String> each) {
        values.forEach((name, all) -> all.forEach(value -> each.accept(name, value)));
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }

    /// Collects header fields. Not safe for use by several threads.
    public static final class Builder {
        private final Map<String, List<String>> values = new LinkedHashMap<>();

        private Builder() {}

        /// Adds a value behind those that the name has.
        public Builder add(String name, String value) {
            values.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
                    .add(value);
            return this;
        }

        /// Makes this the only value of the name.
        public Builder set(String name, String value) {
            values.put(name.toLowerCase(Locale.ROOT), new ArrayList<>(List.of(value)));
            return this;
        }

        public boolean contains(String name) {
            return values.containsKey(name.toLowerCase(Locale.ROOT));
        }

        public Builder addAll(Headers headers) {
            headers.forEach(this::add);
            return this;
        }

        public Headers build() {
            if (values.isEmpty()) {
                return EMPTY;
            }
            var copy = new LinkedHashMap<String, List<String>>();
            values.forEach((name, all) -> copy.put(name, List.copyOf(all)));
            return new Headers(copy);
        }
    }
}
