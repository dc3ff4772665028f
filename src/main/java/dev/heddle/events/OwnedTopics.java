package dev.heddle.events;

import dev.heddle.feed.Topics;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;

/// The topics to which the gateway's own services publish. Who may read what a service tells may
/// read its topics; and nobody else than the service publishes there, for it believes what it
/// reads.
public final class OwnedTopics {
    private static final String ADMIN = "events.admin";

    private final Topics all;
    private final Map<String, String> readers;

    /// @param readers the scope that reading wants, by topic or pattern
    public OwnedTopics(Map<String, String> readers) {
        this.readers = Map.copyOf(readers);
        this.all = topics(List.copyOf(readers.keySet()));
    }

    /// @throws RpcException PERMISSION_DENIED, reason `TOPIC_RESERVED`
    void checkPublisher(String topic, Caller caller) {
        if (!caller.holds(ADMIN) && all.contains(topic)) {
            throw new RpcException(
                            Code.PERMISSION_DENIED,
                            "topic \"%s\" is published to by the gateway alone".formatted(topic))
                    .withReason("TOPIC_RESERVED", Map.of("topic", topic));
        }
    }

    /// @throws RpcException PERMISSION_DENIED, reason `SCOPE_MISSING`
    void checkReader(String topic, Caller caller) {
        if (withheldFrom(caller).contains(topic)) {
            throw new RpcException(
                            Code.PERMISSION_DENIED,
                            "topic \"%s\" wants a scope of the service that publishes there"
                                    .formatted(topic))
                    .withReason("SCOPE_MISSING", Map.of("topic", topic));
        }
    }

    /// The topics that a caller may not read.
    Topics withheldFrom(Caller caller) {
        return topics(
                readers.entrySet().stream()
                        .filter(owned -> !caller.holds(owned.getValue()))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static Topics topics(List<String> texts) {
        return Topics.parse(texts, "owned topics");
    }
}
