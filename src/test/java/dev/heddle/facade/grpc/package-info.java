/// Tests of gRPC with grpc-java's client over Netty, on either engine of HTTP/2.
@NullMarked
package dev.heddle.facade.grpc;

import org.jspecify.annotations.NullMarked;
