package dev.heddle.rpc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/// Header fields or gRPC metadata: names in lower case, each with its values in the order of
/// arrival. The value of a name that ends in `-bin` is base64, as gRPC has it on the wire.
///
/// There are seldom more than twenty, so they are searched one by one.
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0]);

    /// Names at even places, each with its value behind it.
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    public static Headers empty() {
        return EMPTY;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The first value under a name, whatever the case of its letters.
    public Optional<String> first(String name) {
        var place = find(fields, fields.length, name.toLowerCase(Locale.ROOT), 0);
        return place < 0 ? Optional.empty() : Optional.of(fields[place + 1]);
    }

    /// All values under a name, whatever the case of its letters.
    public List<String> all(String name) {
        var key = name.toLowerCase(Locale.ROOT);
        var place = find(fields, fields.length, key, 0);
        if (place < 0) {
            return List.of();
        }
        var values = new ArrayList<String>(1);
        while (place >= 0) {
            values.add(fields[place + 1]);
            place = find(fields, fields.length, key, place + 2);
        }
        return List.copyOf(values);
    }

    public boolean contains(String name) {
        return find(fields, fields.length, name.toLowerCase(Locale.ROOT), 0) >= 0;
    }

    public boolean isEmpty() {
        return fields.length == 0;
    }

    /// Whether there is a name of some kind.
    public boolean hasName(Predicate<String> kind) {
        for (var i = 0; i < fields.length; i += 2) {
            if (kind.test(fields[i])) {
                return true;
            }
        }
        return false;
    }

    /// The names, in the order of their first arrival.
    public Set<String> names() {
        var names = new LinkedHashSet<String>();
        for (var i = 0; i < fields.length; i += 2) {
            names.add(fields[i]);
        }
        return names;
    }

    /// Goes through all fields in the order of their arrival.
    public void forEach(BiConsumer<String, String> each) {
        for (var i = 0; i < fields.length; i += 2) {
            each.accept(fields[i], fields[i + 1]);
        }
    }

    @Override
    public String toString() {
        return names().toString();
    }

    private static int find(String[] fields, int length, String name, int from) {
        for (var i = from; i < length; i += 2) {
            if (fields[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /// Collects header fields. Not safe for use by several threads.
    public static final class Builder {
        private static final int INITIAL = 16;

        private String[] fields = EMPTY.fields;
        private int length;

        private Builder() {}

        /// Adds a value behind those that the name has.
        public Builder add(String name, String value) {
            reserve(2);
            fields[length++] = name.toLowerCase(Locale.ROOT);
            fields[length++] = value;
            return this;
        }

        /// Makes this the only value of the name.
        public Builder set(String name, String value) {
            var key = name.toLowerCase(Locale.ROOT);
            var place = find(fields, length, key, 0);
            if (place < 0) {
                return add(key, value);
            }
            fields[place + 1] = value;
            removeAll(key, place + 2);
            return this;
        }

        public boolean contains(String name) {
            return find(fields, length, name.toLowerCase(Locale.ROOT), 0) >= 0;
        }

        public Builder addAll(Headers headers) {
            var more = headers.fields.length;
            reserve(more);
            System.arraycopy(headers.fields, 0, fields, length, more);
            length += more;
            return this;
        }

        public Headers build() {
            return length == 0 ? EMPTY : new Headers(Arrays.copyOf(fields, length));
        }

        private void reserve(int more) {
            if (length + more > fields.length) {
                fields = Arrays.copyOf(fields, Math.max(INITIAL, 2 * (length + more)));
            }
        }

        private void removeAll(String key, int from) {
            var kept = from;
            for (var i = from; i < length; i += 2) {
                if (!fields[i].equals(key)) {
                    fields[kept++] = fields[i];
                    fields[kept++] = fields[i + 1];
                }
            }
            length = kept;
        }
    }
}
