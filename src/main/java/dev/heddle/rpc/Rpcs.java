package dev.heddle.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// All methods of a gateway, by name; fixed once built.
public final class Rpcs {
    private final Map<String, Rpc<?, ?>> byName;

    private Rpcs(Map<String, Rpc<?, ?>> byName) {
        this.byName = byName;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The method of a full name, such as `heddle.users.v1.UserService/GetUser`.
    public Optional<Rpc<?, ?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// All methods in the order of their registration.
    public Collection<Rpc<?, ?>> all() {
        return byName.values();
    }

    /// A service that registers its methods.
    @FunctionalInterface
    public interface Service {
        void register(Builder rpcs);
    }

    /// Collects methods. The kind of a method in its `.proto` must be the kind that it is
    /// registered as.
    public static final class Builder {
        private final Map<String, Rpc<?, ?>> byName = new LinkedHashMap<>();
        private Optional<Policy> policy = Optional.empty();

        private Builder() {}

        public Builder add(Service service) {
            service.register(this);
            policy = Optional.empty();
            return this;
        }

        /// Puts the methods that the service registers after this under a policy that stands in for
        /// the contract's: for contracts that are not Heddle's own.
        public Builder under(Policy standIn) {
            policy = Optional.of(standIn);
            return this;
        }

        public <Q extends Message, R extends Message> Builder unary(
                MethodDescriptor<Q, R> method, Rpc.Unary.Handler<Q, R> handler) {
            return add(new Rpc.Unary<>(contract(method, MethodType.UNARY), handler));
        }

        public <Q extends Message, R extends Message> Builder serverStreaming(
                MethodDescriptor<Q, R> method, Rpc.ServerStreaming.Handler<Q, R> handler) {
            return add(
                    new Rpc.ServerStreaming<>(
                            contract(method, MethodType.SERVER_STREAMING), handler));
        }

        public <Q extends Message, R extends Message> Builder clientStreaming(
                MethodDescriptor<Q, R> method, Rpc.ClientStreaming.Handler<Q, R> handler) {
            return add(
                    new Rpc.ClientStreaming<>(
                            contract(method, MethodType.CLIENT_STREAMING), handler));
        }

        public <Q extends Message, R extends Message> Builder bidi(
                MethodDescriptor<Q, R> method, Rpc.Bidi.Handler<Q, R> handler) {
            return add(new Rpc.Bidi<>(contract(method, MethodType.BIDI_STREAMING), handler));
        }

        public Rpcs build() {
            return new Rpcs(new LinkedHashMap<>(byName));
        }

        private <Q extends Message, R extends Message> Contract<Q, R> contract(
                MethodDescriptor<Q, R> method, MethodType expected) {
            if (method.getType() != expected) {
                throw new IllegalArgumentException(
                        "method %s: registered as %s (expected: %s, as in its .proto)"
                                .formatted(method.getFullMethodName(), expected, method.getType()));
            }
            return Contract.of(method, policy);
        }

        private Builder add(Rpc<?, ?> rpc) {
            if (byName.putIfAbsent(rpc.contract().name(), rpc) != null) {
                throw new IllegalArgumentException(
                        "method %s: registered twice (expected: once)"
                                .formatted(rpc.contract().name()));
            }
            return this;
        }
    }
}
