package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.Empty;
import org.junit.jupiter.api.Test;

final class RpcsTest {
    @Test
    void methodWithoutPolicyIsRefused() {
        var rpcs = Rpcs.builder();

        assertThatThrownBy(() ->
                        rpcs.unary(
                                OperationsGrpc.getCancelOperationMethod(),
                                (_, _) -> Empty.getDefaultInstance()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "google.longrunning.Operations/CancelOperation: no policy",
                        "option (heddle.api.policy) = {scope: ",
                        "Rpcs.Builder.under(Policy)");
    }

    @Test
    void methodOfAnotherContractIsServedUnderAPolicy() {
        var rpcs =
                Rpcs.builder()
                        .under(Policy.scoped("jobs.write"))
                        .unary(
                                OperationsGrpc.getCancelOperationMethod(),
                                (_, _) -> Empty.getDefaultInstance())
                        .build();

        assertThat(rpcs.all())
                .extracting(rpc -> rpc.contract().policy().scope())
                .containsExactly("jobs.write");
    }
}
