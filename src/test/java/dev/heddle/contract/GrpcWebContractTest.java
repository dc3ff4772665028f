package dev.heddle.contract;

import java.net.URI;

/// The contract over gRPC-Web.
final class GrpcWebContractTest extends ContractSuite {
    GrpcWebContractTest(URI gateway) {
        super(new GrpcWebClient(local(gateway), false));
    }
}
