package dev.heddle.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All methods of a gateway, by name; fixed once built.
public final class Rpcs implements AutoCloseable {
    private final Map<String, Rpc<?, ?>> byName;
    private final List<Service> services;

    private Rpcs(Map<String, Rpc<?, ?>> byName, List<Service> services) {
        this.byName = byName;
        this.services = services;
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

    /// Ends what services do besides calls, the last one's first. To be run when no call runs any
    /// more.
    @Override
    public void close() {
        services.reversed().forEach(Service::close);
    }

    /// A service that registers its methods.
    @FunctionalInterface
    public interface Service {
        void register(Builder rpcs);

        /// Ends what the service does besides calls. To be run when no call runs any more.
        default void close() {}
    }

    /// Collects methods. The kind of a method in its `.proto` must be the kind that it is
    /// registered as, and there must be a policy for it: nothing is open because somebody forgot to
    /// say who may call it.
    public static final class Builder {
        private final Map<String, Rpc<?, ?>> byName = new LinkedHashMap<>();
        private final List<Service> services = new ArrayList<>();
        private Optional<Policy> policy = Optional.empty();

        private Builder() {}

        public Builder add(Service service) {
            service.register(this);
            services.add(service);
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
            return new Rpcs(new LinkedHashMap<>(byName), List.copyOf(services));
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
