/// gRPC-Web, as gRPC's `PROTOCOL-WEB.md` has it: gRPC for callers who can't read the trailers of
/// HTTP, over any version of it.
///
/// Start at [GrpcWebFacade][dev.heddle.facade.grpcweb.GrpcWebFacade].
@NullMarked
package dev.heddle.facade.grpcweb;

import org.jspecify.annotations.NullMarked;
