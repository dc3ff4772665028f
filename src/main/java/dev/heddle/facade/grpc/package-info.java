/// The gRPC framing: calls that arrive as an [io.grpc.ServerCall] run through the pipeline.
///
/// [GrpcFacade] turns the methods of a gateway into gRPC service definitions that any transport of
/// grpc-java's interfaces can carry; `facade.grpc.helidon` is the one that Heddle uses.
/// [ReflectionService] and [HealthService] are services like any other: they are registered with
/// [dev.heddle.rpc.Rpcs] and so answer over every framing.
@NullMarked
package dev.heddle.facade.grpc;

import org.jspecify.annotations.NullMarked;
