package dev.heddle.contract;

import java.net.URI;

/// The contract over Connect.
final class ConnectContractTest extends ContractSuite {
    ConnectContractTest(URI gateway) {
        super(new ConnectClient(local(gateway), false));
    }
}
