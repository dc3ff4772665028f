/// Tests of gRPC on Helidon, with grpc-java's client over Netty.
@NullMarked
package dev.heddle.facade.grpc.helidon;

import org.jspecify.annotations.NullMarked;
