package dev.heddle.contract;

import java.net.URI;
import java.net.http.HttpClient.Version;

/// The contract over Connect in JSON and HTTP/1.1.
final class ConnectJsonContractTest extends ContractSuite {
    ConnectJsonContractTest(URI gateway) {
        super(new ConnectClient(local(gateway), Version.HTTP_1_1, true));
    }
}
