package dev.heddle.facade;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Help;
import com.google.rpc.LocalizedMessage;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.curioswitch.common.protobuf.json.MessageMarshaller;

/// The compiled code that reads and writes the JSON of each type of message.
///
/// Compiling takes 10 to 70 ms a type and a second for the first, so a type is compiled when it is
/// first needed. The library keeps some of what belongs to `Any` in static fields and replaces it
/// with each compilation; therefore all types that can hold an `Any` are compiled at once, and the
/// rest never touches those fields.
final class Marshallers {
    /// What an `Any` can hold: the details of errors.
    private static final List<Message> DETAILS =
            List.of(
                    BadRequest.getDefaultInstance(),
                    ErrorInfo.getDefaultInstance(),
                    Help.getDefaultInstance(),
                    LocalizedMessage.getDefaultInstance(),
                    PreconditionFailure.getDefaultInstance(),
                    QuotaFailure.getDefaultInstance(),
                    RequestInfo.getDefaultInstance(),
                    ResourceInfo.getDefaultInstance(),
                    RetryInfo.getDefaultInstance());

    private static final ReentrantLock COMPILING = new ReentrantLock();

    private final Collection<Message> roots;
    private final Map<Descriptor, MessageMarshaller> byType = new ConcurrentHashMap<>();

    /// @param roots the types that will be needed
    Marshallers(Collection<Message> roots) {
        this.roots = List.copyOf(roots);
    }

    /// The descriptor of what an `Any` of a type URL holds, as far as it is known here.
    static Stream<Descriptor> detailTypes() {
        return DETAILS.stream().map(Message::getDescriptorForType);
    }

    /// @throws IllegalArgumentException for a message of no generated class
    MessageMarshaller of(Message message) {
        var known = byType.get(message.getDescriptorForType());
        return known == null ? compile(message) : known;
    }

    void compileAll() {
        of(Status.getDefaultInstance());
        roots.forEach(this::of);
    }

    private MessageMarshaller compile(Message message) {
        if (message instanceof DynamicMessage) {
            throw new IllegalArgumentException(
                    "message type %s: dynamic (expected: a generated class)"
                            .formatted(message.getDescriptorForType().getFullName()));
        }
        COMPILING.lock();
        try {
            var known = byType.get(message.getDescriptorForType());
            if (known != null) {
                return known;
            }
            return holdsAny(message.getDescriptorForType())
                    ? compileHoldersOfAny(message)
                    : build(List.of(message));
        } finally {
            COMPILING.unlock();
        }
    }

    private MessageMarshaller compileHoldersOfAny(Message asked) {
        return build(
                Stream.of(
                                Stream.of(
                                        asked,
                                        Any.getDefaultInstance(),
                                        Status.getDefaultInstance()),
                                roots.stream()
                                        .filter(root -> holdsAny(root.getDescriptorForType())),
                                DETAILS.stream())
                        .flatMap(types -> types)
                        .toList());
    }

    private MessageMarshaller build(List<Message> types) {
        var builder = MessageMarshaller.builder().omittingInsignificantWhitespace(true);
        types.forEach(builder::register);
        var marshaller = builder.build();
        types.forEach(type -> byType.put(type.getDescriptorForType(), marshaller));
        return marshaller;
    }

    private static boolean holdsAny(Descriptor type) {
        var reachable = new HashSet<Descriptor>();
        collect(type, reachable);
        return reachable.contains(Any.getDescriptor());
    }

    private static void collect(Descriptor type, Set<Descriptor> into) {
        if (into.add(type)) {
            type.getFields().stream()
                    .filter(field -> field.getJavaType() == JavaType.MESSAGE)
                    .forEach(field -> collect(field.getMessageType(), into));
        }
    }
}
