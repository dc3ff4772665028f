/// Tests of what keeps gRPC on Helidon together.
@NullMarked
package dev.heddle.facade.grpc.helidon;

import org.jspecify.annotations.NullMarked;
