package dev.heddle.jobs;

import java.time.Duration;
import java.util.UUID;

/// A job that this gateway has to run, until it says how that went.
///
/// @param fence the version of the trigger: whoever takes the job next has a larger one
/// @param attempt counts from 1
/// @param attemptOfRound counts from 1 since the job was last begun anew
/// @param attemptsOfRound how many there are
/// @param key the concurrency key; empty for none
/// @param isCancelled whether it was to be cancelled when it was picked
/// @param creator who asked for it; empty: the gateway
/// @param lines how many lines earlier attempts have written
record Picked(
        UUID id,
        String type,
        long fence,
        String payload,
        int attempt,
        int attemptOfRound,
        int attemptsOfRound,
        Duration timeout,
        String key,
        boolean isCancelled,
        String creator,
        int lines) {
    boolean isLastAttempt() {
        return attemptOfRound >= attemptsOfRound;
    }
}
