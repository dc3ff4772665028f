package dev.heddle.contract;

import java.net.URI;

/// The contract over JSON, streams as one array.
final class JsonArrayContractTest extends ContractSuite {
    JsonArrayContractTest(URI gateway) {
        super(new JsonArrayClient(local(gateway)));
    }
}
