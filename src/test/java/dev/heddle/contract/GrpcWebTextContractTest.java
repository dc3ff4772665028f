package dev.heddle.contract;

import java.net.URI;
import java.net.http.HttpClient.Version;

/// The contract over gRPC-Web in base64 and HTTP/1.1.
final class GrpcWebTextContractTest extends ContractSuite {
    GrpcWebTextContractTest(URI gateway) {
        super(new GrpcWebClient(local(gateway), Version.HTTP_1_1, true));
    }
}
