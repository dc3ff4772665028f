package dev.heddle.jobs;

import com.google.protobuf.Struct;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A type of jobs.
///
/// @param name its name, which must stay what it is
/// @param handler who does them
/// @param check refuses a payload when its job is enqueued, by throwing what the caller gets
/// @param scope what who asks for such a job must hold besides `jobs.write`, by its payload; empty
///   text: nothing
/// @param concurrency how many of them a gateway runs at once; empty: as many as of all types
/// @param maxAttempts how many attempts they have, 1 to 100; empty: `jobs.max-attempts`
/// @param timeout how long an attempt may take; empty: `jobs.timeout`
public record JobDefinition(
        String name,
        JobHandler handler,
        Consumer<Struct> check,
        Function<Struct, String> scope,
        OptionalInt concurrency,
        OptionalInt maxAttempts,
        Optional<Duration> timeout) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,99}");

    public JobDefinition {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "job type \"%s\" (expected: 1 to 100 lower-case letters, digits and '-')"
                            .formatted(name));
        }
        if (concurrency.orElse(1) < 1) {
            throw new IllegalArgumentException(
                    "job type %s: concurrency %d (expected: >= 1)"
                            .formatted(name, concurrency.orElse(1)));
        }
        if (maxAttempts.orElse(1) < 1 || maxAttempts.orElse(1) > 100) {
            throw new IllegalArgumentException(
                    "job type %s: %d attempts (expected: 1 to 100)"
                            .formatted(name, maxAttempts.orElse(1)));
        }
    }

    /// A type with the bounds that the configuration gives to all.
    public static JobDefinition of(String name, JobHandler handler) {
        return new JobDefinition(
                name,
                handler,
                _ -> {},
                _ -> "",
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    public JobDefinition withCheck(Consumer<Struct> check) {
        return new JobDefinition(name, handler, check, scope, concurrency, maxAttempts, timeout);
    }

    public JobDefinition withScope(Function<Struct, String> scope) {
        return new JobDefinition(name, handler, check, scope, concurrency, maxAttempts, timeout);
    }

    public JobDefinition withScope(String scope) {
        return withScope(_ -> scope);
    }

    public JobDefinition withConcurrency(int concurrency) {
        return new JobDefinition(
                name, handler, check, scope, OptionalInt.of(concurrency), maxAttempts, timeout);
    }

    public JobDefinition withMaxAttempts(int maxAttempts) {
        return new JobDefinition(
                name, handler, check, scope, concurrency, OptionalInt.of(maxAttempts), timeout);
    }

    public JobDefinition withTimeout(Duration timeout) {
        return new JobDefinition(
                name, handler, check, scope, concurrency, maxAttempts, Optional.of(timeout));
    }
}
