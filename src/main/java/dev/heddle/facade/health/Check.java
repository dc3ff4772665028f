package dev.heddle.facade.health;

/// Looks whether something that the gateway needs is there.
@FunctionalInterface
public interface Check {
    /// Returns if it is there. It is interrupted after [Health#CHECK_TIMEOUT].
    ///
    /// @throws Exception if it is not
    void run() throws Exception;
}
