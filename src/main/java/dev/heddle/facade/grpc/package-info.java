/// The gRPC framing: calls over HTTP/2 run through the pipeline.
///
/// [GrpcFacade] is the start: it serves the methods of a gateway on any [dev.heddle.http.Exchange]
/// of HTTP/2. `facade.grpc.helidon` does the same on Helidon's own gRPC module. [ReflectionService]
/// and [HealthService] are services like any other: they are registered with [dev.heddle.rpc.Rpcs]
/// and so answer over every framing.
@NullMarked
package dev.heddle.facade.grpc;

import org.jspecify.annotations.NullMarked;
