package dev.heddle.contract;

import java.net.URI;

/// The contract over gRPC-Web in base64.
final class GrpcWebTextContractTest extends ContractSuite {
    GrpcWebTextContractTest(URI gateway) {
        super(new GrpcWebClient(local(gateway), true));
    }
}
