package dev.heddle.jobs;

import com.google.protobuf.util.Durations;
import dev.heddle.db.Ids;
import dev.heddle.feed.Payloads;
import dev.heddle.jobs.v1.Job;
import dev.heddle.rpc.RpcException;
import io.helidon.dbclient.DbExecute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Takes jobs in, within the caller's transaction.
final class Intake {
    /// Of a debounced job, how many times the quiet it waits at most where nothing is said.
    private static final int DEFAULT_WAITS = 10;

    private final Settings settings;
    private final Map<String, JobDefinition> types;
    private final Ids ids = new Ids();
    private final JobStore jobs = new JobStore();
    private final TriggerStore triggers = new TriggerStore();
    private final UniqueStore uniques = new UniqueStore();

    Intake(Settings settings, Map<String, JobDefinition> types) {
        this.settings = settings;
        this.types = types;
    }

    /// Takes a job in.
    ///
    /// @param wanted what the caller sets of it
    /// @return the job, or another that has its unique key
    Job take(DbExecute db, Job wanted, String creator) {
        var fresh = checked(wanted, creator);
        return wanted.getUniqueKey().isEmpty()
                ? jobs.insert(db, List.of(fresh)).getFirst()
                : takeUnique(db, wanted, fresh);
    }

    /// Takes jobs in, all in one statement where none has a unique key.
    List<Job> takeAll(DbExecute db, List<Job> wanted, String creator) {
        if (wanted.stream().allMatch(job -> job.getUniqueKey().isEmpty())) {
            return jobs.insert(db, wanted.stream().map(job -> checked(job, creator)).toList());
        }
        return wanted.stream().map(job -> take(db, job, creator)).toList();
    }

    private JobStore.New checked(Job wanted, String creator) {
        var definition = find(wanted.getType());
        check(wanted, definition);
        var delay = wanted.hasDebounce() ? Durations.toMillis(wanted.getDebounce().getQuiet()) : 0;
        return new JobStore.New(complete(wanted, definition, creator), delay);
    }

    private JobDefinition find(String type) {
        return Optional.ofNullable(types.get(type))
                .orElseThrow(() ->
                        RpcException.invalidField(
                                        "job.type",
                                        "\"%s\" (expected: one of %s)"
                                                .formatted(type, String.join(", ", types.keySet())))
                                .withReason("UNKNOWN_JOB_TYPE", Map.of("type", type)));
    }

    private void check(Job wanted, JobDefinition definition) {
        var size = Payloads.of(wanted.getPayload()).getBytes(StandardCharsets.UTF_8).length;
        if (size > settings.maxPayloadSize()) {
            throw RpcException.invalidField(
                            "job.payload",
                            "%d bytes of JSON (expected: at most %d)"
                                    .formatted(size, settings.maxPayloadSize()))
                    .withReason("PAYLOAD_TOO_LARGE");
        }
        if (wanted.hasDebounce() && wanted.getUniqueKey().isEmpty()) {
            throw RpcException.invalidField(
                    "job.debounce", "set without unique_key (expected: with it)");
        }
        definition.check().accept(wanted.getPayload());
    }

    private Job complete(Job wanted, JobDefinition definition, String creator) {
        var job =
                Job.newBuilder()
                        .setId(ids.next())
                        .setType(wanted.getType())
                        .setPayload(wanted.getPayload())
                        .setPriority(Priorities.of(Priorities.stored(wanted.getPriority())))
                        .setRunTime(wanted.getRunTime())
                        .setConcurrencyKey(wanted.getConcurrencyKey())
                        .setUniqueKey(wanted.getUniqueKey())
                        .setCreator(creator);
        job.setMaxAttempts(
                wanted.getMaxAttempts() > 0
                        ? wanted.getMaxAttempts()
                        : definition.maxAttempts().orElse(settings.maxAttempts()));
        job.setTimeout(
                wanted.hasTimeout()
                        ? wanted.getTimeout()
                        : Durations.fromMillis(
                                definition.timeout().orElse(settings.timeout()).toMillis()));
        return job.build();
    }

    private Job takeUnique(DbExecute db, Job wanted, JobStore.New fresh) {
        var key =
                new UniqueStore.Key(
                        wanted.getType(), fresh.job().getCreator(), wanted.getUniqueKey());
        var id = UUID.fromString(fresh.job().getId());
        var window = Durations.toMillis(wanted.getUniqueWindow());
        var holder = uniques.claim(db, key, id, window);
        if (holder.job().equals(id)) {
            return jobs.insert(db, List.of(fresh)).getFirst();
        }
        var present = jobs.get(db, holder.job());
        if (present.isPresent()) {
            var merged =
                    wanted.hasDebounce()
                            ? putOff(db, wanted, present.get())
                            : present.filter(job -> holder.isFixed() || !JobEvents.isEnded(job));
            if (merged.isPresent()) {
                return merged.get();
            }
        }
        uniques.replace(db, key, id, window);
        return jobs.insert(db, List.of(fresh)).getFirst();
    }

    /// @return empty if the job does not wait any more
    private Optional<Job> putOff(DbExecute db, Job wanted, Job present) {
        var id = UUID.fromString(present.getId());
        var debounce = wanted.getDebounce();
        var quiet = Durations.toMillis(debounce.getQuiet());
        var latest =
                debounce.hasMaxWait()
                        ? Durations.toMillis(debounce.getMaxWait())
                        : quiet * DEFAULT_WAITS;
        if (!triggers.postpone(db, id, quiet, latest)) {
            return Optional.empty();
        }
        jobs.setPayload(db, id, wanted.getPayload());
        return jobs.get(db, id);
    }
}
