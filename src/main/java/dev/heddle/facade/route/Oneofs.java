package dev.heddle.facade.route;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The members of oneofs that a request sets, in any of its parts: at most one of each oneof.
public final class Oneofs {
    private final Map<String, FieldDescriptor> members = new HashMap<>();

    /// Notes that a field is set, and with it all messages on the way to it.
    ///
    /// @return the oneof that has another member already, empty where there is none
    public Optional<String> set(FieldPath path) {
        var parent = "";
        for (var field : path.fields()) {
            var oneof = field.getRealContainingOneof();
            if (oneof != null) {
                var name = parent + oneof.getName();
                var member = members.putIfAbsent(name, field);
                if (member != null && !member.equals(field)) {
                    return Optional.of(name);
                }
            }
            parent += field.getName() + ".";
        }
        return Optional.empty();
    }
}
