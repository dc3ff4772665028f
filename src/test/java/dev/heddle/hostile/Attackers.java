package dev.heddle.hostile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// All attacks at once, over and over, from a process of their own, which ends with the one that
/// started it: so that they neither slow the client that is measured nor outlive it.
public final class Attackers implements AutoCloseable {
    private static final String READY = "ready";
    private static final Duration BETWEEN_ATTACKS = Duration.ofMillis(100);

    /// Attackers have machines of their own: what they compute is not to slow those whom they
    /// attack.
    private static final List<String> LAST_IN_LINE =
            Files.isExecutable(Path.of("/usr/bin/nice"))
                    ? List.of("/usr/bin/nice", "-n", "19")
                    : List.of();

    private final Process process;
    private final BufferedReader in;
    private final PrintWriter out;

    private Attackers(Process process) {
        this.process = process;
        this.in = process.inputReader();
        this.out = new PrintWriter(process.outputWriter(), true);
    }

    /// Starts them.
    ///
    /// @param attacks what they do
    public static Attackers start(int port, String token, Set<Attack> attacks) throws IOException {
        var command = new ArrayList<>(LAST_IN_LINE);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Attackers.class.getName(),
                        Integer.toString(port),
                        token));
        attacks.forEach(attack -> command.add(attack.name()));
        var started =
                new Attackers(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
        if (!READY.equals(started.in.readLine())) {
            started.close();
            throw new IOException("the attackers did not start");
        }
        return started;
    }

    /// How often each attack was made so far; one that is under way counts.
    public Map<Attack, Long> made() throws IOException {
        out.println("made");
        return Arrays.stream(in.readLine().split(" ", -1))
                .map(one -> one.split("=", 2))
                .collect(
                        Collectors.toMap(
                                pair -> Attack.valueOf(pair[0]),
                                pair -> Long.valueOf(pair[1]),
                                (a, _) -> a,
                                () -> new EnumMap<>(Attack.class)));
    }

    /// Ends them, which cuts their connections.
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// The process of the attackers.
    ///
    /// @param arguments the port, a token, and the names of the attacks
    public static void main(String[] arguments) throws IOException {
        var target = new Attack.Target(Integer.parseInt(arguments[0]), arguments[1]);
        var made = new EnumMap<Attack, AtomicLong>(Attack.class);
        for (var name : List.of(arguments).subList(2, arguments.length)) {
            var attack = Attack.valueOf(name);
            var count = new AtomicLong();
            made.put(attack, count);
            for (var i = 0; i < attack.connections(); i++) {
                Thread.ofVirtual()
                        .name("attacker-" + attack)
                        .start(() -> repeat(attack, target, count));
            }
        }
        System.out.println(READY);
        var questions =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (questions.readLine() != null) {
            System.out.println(
                    made.entrySet().stream()
                            .map(each -> each.getKey().name() + "=" + each.getValue())
                            .collect(Collectors.joining(" ")));
        }
        System.exit(0);
    }

    private static void repeat(Attack attack, Attack.Target target, AtomicLong count) {
        while (true) {
            count.incrementAndGet();
            try {
                attack.commit(target);
            } catch (IOException _) {
                // The server has cut it off, as it should; here comes the next.
            }
            Attack.pause(BETWEEN_ATTACKS);
        }
    }
}
