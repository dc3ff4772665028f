package dev.heddle.contract;

import java.net.URI;
import java.net.http.HttpClient.Version;

/// The contract over Connect and HTTP/2.
final class ConnectContractTest extends ContractSuite {
    ConnectContractTest(URI gateway) {
        super(new ConnectClient(local(gateway), Version.HTTP_2, false));
    }
}
