package dev.heddle.facade.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The members that a message has in JSON: its fields, each under the name in lower camel case and
/// under that in the `.proto`.
final class Members {
    private static final int NO_ONEOF = -1;

    private final FieldCodec[] byNumber;
    private final Map<String, Member> byName;
    private final int words;

    /// @param bit tells whether the field was seen
    /// @param oneofBit tells whether a field of the same oneof has a value
    record Member(FieldCodec codec, int bit, int oneofBit) {
        /// Returns false if it was seen before.
        boolean see(long[] seen) {
            return set(seen, bit);
        }

        /// Returns false if another of its oneof was chosen before.
        boolean choose(long[] seen) {
            return oneofBit == NO_ONEOF || set(seen, oneofBit);
        }

        private static boolean set(long[] bits, int bit) {
            var mask = 1L << bit;
            var isNew = (bits[bit >>> 6] & mask) == 0;
            bits[bit >>> 6] |= mask;
            return isNew;
        }
    }

    private Members(FieldCodec[] byNumber, Map<String, Member> byName, int bits) {
        this.byNumber = byNumber;
        this.byName = byName;
        this.words = (bits + Long.SIZE - 1) / Long.SIZE;
    }

    static Members of(Descriptor type, Codecs codecs) {
        var members = new HashMap<FieldDescriptor, Member>();
        var bits = type.getFields().size();
        for (var field : type.getFields()) {
            var oneof = field.getRealContainingOneof();
            members.put(
                    field,
                    new Member(
                            codecs.of(field),
                            field.getIndex(),
                            oneof == null ? NO_ONEOF : bits + oneof.getIndex()));
        }
        var byName = new HashMap<String, Member>();
        members.forEach((field, member) -> byName.put(field.getName(), member));
        members.forEach((field, member) -> byName.put(field.getJsonName(), member));
        return new Members(
                members.values().stream()
                        .map(Member::codec)
                        .sorted(Comparator.comparingInt(FieldCodec::number))
                        .toArray(FieldCodec[]::new),
                byName,
                bits + type.getOneofs().size());
    }

    @Nullable Member find(String name) {
        return byName.get(name);
    }

    FieldCodec[] byNumber() {
        return byNumber;
    }

    /// Room for what was seen of an object.
    long[] noneSeen() {
        return new long[words];
    }
}
