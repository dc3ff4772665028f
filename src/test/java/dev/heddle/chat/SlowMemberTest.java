package dev.heddle.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.chat.v1.ChatEvent.KindCase;
import dev.heddle.chat.v1.ChatRequest;
import dev.heddle.chat.v1.JoinCommand;
import dev.heddle.testing.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One of twenty members doesn't read.
@Timeout(120)
final class SlowMemberTest {
    private static final int MEMBERS = 19;
    private static final int MESSAGES = 400;
    private static final Duration BOUND = Duration.ofSeconds(5);

    /// As long as may be: together far more than any buffer on the way takes.
    private static final String TEXT = "x".repeat(4000);

    @Test
    void stalledMemberDelaysNobodyAndMissesNothing() throws Exception {
        try (var replica = ChatReplica.start(TestPostgres.createDatabase());
                var stalled = replica.idleSession("sloth")) {
            var room = replica.room();
            stalled.send(ChatRequest.newBuilder().setJoin(JoinCommand.newBuilder().setRoom(room)));
            var members = new ArrayList<Conversation>();
            for (int i = 0; i < MEMBERS; i++) {
                var member = replica.session("member" + i);
                member.join(room);
                members.add(member);
            }
            members.getFirst().await(event -> event.getJoined().getPerson().equals("member18"));
            var speaker = members.removeFirst();

            for (int i = 0; i < MESSAGES; i++) {
                speaker.say(room, TEXT);
            }
            var acknowledged = System.nanoTime();
            for (var numbers : together(members)) {
                assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, MESSAGES).boxed().toList());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - acknowledged)).isLessThan(BOUND);

            stalled.take(Integer.MAX_VALUE);
            assertThat(numbers(stalled))
                    .isEqualTo(LongStream.rangeClosed(1, MESSAGES).boxed().toList());
            members.forEach(Conversation::close);
            speaker.close();
        }
    }

    private static List<List<Long>> together(List<Conversation> members) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading =
                    members.stream()
                            .map(member -> (Callable<List<Long>>) () -> numbers(member))
                            .toList();
            var all = new ArrayList<List<Long>>();
            for (var each : threads.invokeAll(reading)) {
                all.add(each.get());
            }
            return all;
        }
    }

    private static List<Long> numbers(Conversation member) {
        var numbers = new ArrayList<Long>();
        while (numbers.size() < MESSAGES) {
            numbers.add(member.await(KindCase.MESSAGE).getMessage().getNumber());
        }
        return numbers;
    }
}
