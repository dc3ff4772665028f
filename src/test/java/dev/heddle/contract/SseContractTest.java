package dev.heddle.contract;

import java.net.URI;

/// The contract over server-sent events.
final class SseContractTest extends ContractSuite {
    SseContractTest(URI gateway) {
        super(new SseClient(local(gateway)));
    }
}
