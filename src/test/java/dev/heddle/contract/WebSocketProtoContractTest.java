package dev.heddle.contract;

import java.net.URI;

/// The contract over WebSockets, in binary frames.
final class WebSocketProtoContractTest extends ContractSuite {
    WebSocketProtoContractTest(URI gateway) {
        super(new WebSocketClient(gateway, false));
    }
}
