package dev.heddle.contract;

import java.net.URI;
import java.net.http.HttpClient.Version;

/// The contract over gRPC-Web and HTTP/2.
final class GrpcWebContractTest extends ContractSuite {
    GrpcWebContractTest(URI gateway) {
        super(new GrpcWebClient(local(gateway), Version.HTTP_2, false));
    }
}
