package dev.heddle.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Rpcs;
import dev.heddle.users.v1.ListUsersResponse;
import dev.heddle.users.v1.User;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./heddle bench json`: the codec against Protobuf's own for Java, on one thread.
@Command(
        name = "json",
        description = "Messages to JSON and back, beside protobuf-java-util's JsonFormat.",
        mixinStandardHelpOptions = true)
final class JsonBench implements Callable<Integer> {
    private static final int LIST_SIZE = 100;

    /// How often each call does what it does, so that the clock doesn't count.
    private static final int REPETITIONS = 100;

    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().omittingInsignificantWhitespace();

    @Option(
            names = "--seconds",
            description = "How long each round takes (default: ${DEFAULT-VALUE}).")
    private int seconds = 2;

    /// Where what is made ends, so that making it can't be left out.
    private volatile Object made = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        compare("a user", user(0));
        var list = ListUsersResponse.newBuilder();
        for (var number = 0; number < LIST_SIZE; number++) {
            list.addUsers(user(number));
        }
        compare("a list of " + LIST_SIZE, list.build());
        return ExitCode.OK;
    }

    private static User user(int number) {
        var time = Timestamp.newBuilder().setSeconds(1_795_268_765).setNanos(997_298_000);
        return User.newBuilder()
                .setId("01a1fe09-9fad-7139-ab8f-%012x".formatted(number))
                .setEmail("ada.%d@example.com".formatted(number))
                .setName("Ada Lovelace")
                .setState(User.State.STATE_ACTIVE)
                .setCreateTime(time)
                .setUpdateTime(time)
                .setEtag("1")
                .build();
    }

    private void compare(String title, Message message) throws Exception {
        var json = Json.of(Rpcs.builder().build(), message);
        var text = json.toBytes(message, Json.Options.STANDARD);
        run(
                "write " + title,
                () -> json.toBytes(message, Json.Options.STANDARD),
                () -> PRINTER.print(message).getBytes(StandardCharsets.UTF_8));
        run(
                "read " + title,
                () -> {
                    var builder = message.newBuilderForType();
                    json.merge(text, builder);
                    return builder.build();
                },
                () -> {
                    var builder = message.newBuilderForType();
                    JsonFormat.parser().merge(new String(text, StandardCharsets.UTF_8), builder);
                    return builder.build();
                });
    }

    private interface Making {
        Object make() throws InvalidProtocolBufferException;
    }

    private void run(String title, Making ours, Making base) throws Exception {
        new Comparison(
                        title,
                        "messages/s",
                        1,
                        List.of(
                                new Comparison.Side("heddle", List.of(work(ours))),
                                new Comparison.Side("JsonFormat", List.of(work(base)))))
                .run(
                        Duration.ofSeconds(seconds),
                        Duration.ofSeconds(seconds),
                        spec.commandLine().getOut());
    }

    private Load.Work work(Making making) {
        return () -> {
            for (var i = 0; i < REPETITIONS; i++) {
                made = making.make();
            }
            return REPETITIONS;
        };
    }
}
