package dev.heddle.contract;

import java.net.URI;

/// The contract over gRPC.
final class GrpcContractTest extends ContractSuite {
    GrpcContractTest(URI gateway) {
        super(new GrpcClient(local(gateway)));
    }
}
