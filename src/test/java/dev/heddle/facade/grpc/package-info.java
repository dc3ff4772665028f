/// Tests of the services that belong to gRPC, over the real thing.
@NullMarked
package dev.heddle.facade.grpc;

import org.jspecify.annotations.NullMarked;
