package dev.heddle.contract;

import java.net.URI;

/// The contract over WebSockets, in JSON.
final class WebSocketContractTest extends ContractSuite {
    WebSocketContractTest(URI gateway) {
        super(new WebSocketClient(gateway, true));
    }
}
