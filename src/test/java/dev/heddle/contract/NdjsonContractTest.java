package dev.heddle.contract;

import java.net.URI;

/// The contract over NDJSON.
final class NdjsonContractTest extends ContractSuite {
    NdjsonContractTest(URI gateway) {
        super(new NdjsonClient(local(gateway)));
    }
}
