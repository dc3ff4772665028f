package dev.heddle.contract;

import java.net.URI;

/// The contract over Connect in JSON.
final class ConnectJsonContractTest extends ContractSuite {
    ConnectJsonContractTest(URI gateway) {
        super(new ConnectClient(local(gateway), true));
    }
}
