package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// The program in a process of its own, under the options that `./heddle` gives to Java.
public final class HeddleProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LAST_LINE = "Ctrl-C stops it.";
    private static final Pattern PORT = Pattern.compile("JSON, SSE, CSV +http://[^:]+:(\\d+)");
    private static final Pattern TOKEN = Pattern.compile("(?m)^ +token +(\\S+)$");

    private final Process process;
    private final CompletableFuture<String> banner = new CompletableFuture<>();
    private final CompletableFuture<String> out = new CompletableFuture<>();
    private final CompletableFuture<String> err = new CompletableFuture<>();

    /// How a process ended.
    record Outcome(int exitCode, String out, String err) {}

    private HeddleProcess(Process process) {
        this.process = process;
        Thread.startVirtualThread(() -> {
            drain(process.inputReader(), out);
            banner.complete("");
        });
        Thread.startVirtualThread(() -> drain(process.errorReader(), err));
    }

    /// Starts it.
    ///
    /// @param environment variables beside those of this process
    /// @param javaOptions options for Java beside the launcher's
    static HeddleProcess start(
            Map<String, String> environment, List<String> javaOptions, String... arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(program("java"));
        command.addAll(
                List.of(
                        "-XX:+UseCompactObjectHeaders",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.heddle.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("HEDDLE_"));
        builder.environment().putAll(environment);
        return new HeddleProcess(builder.start());
    }

    /// Starts a gateway on any free port, and waits until it serves.
    public static HeddleProcess serve(
            Path data, Map<String, String> environment, List<String> javaOptions) throws Exception {
        var gateway =
                start(environment, javaOptions, "serve", "--port", "0", "--data", data.toString());
        try {
            var banner = gateway.banner.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(banner).as("what it prints first").contains(LAST_LINE);
            return gateway;
        } catch (TimeoutException | AssertionError e) {
            gateway.close();
            throw new AssertionError("the gateway did not start: " + gateway.err.get(), e);
        }
    }

    /// Runs it to its end.
    static Outcome run(Map<String, String> environment, String... arguments) throws Exception {
        try (var process = start(environment, List.of(), arguments)) {
            return process.await();
        }
    }

    /// The path of a program of the JDK that runs this.
    static String program(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String token() {
        return fromBanner(TOKEN);
    }

    GatewayClient client() {
        return client(token());
    }

    GatewayClient client(String token) {
        return new GatewayClient(URI.create("http://127.0.0.1:" + port()), token);
    }

    public int port() {
        return Integer.parseInt(fromBanner(PORT));
    }

    /// Kills it: SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("the process is gone").isTrue();
    }

    /// Asks it to end: SIGTERM.
    void terminate() {
        process.destroy();
    }

    /// Waits for its end.
    Outcome await() throws Exception {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the process ends")
                .isTrue();
        return new Outcome(
                process.exitValue(), out.get(10, TimeUnit.SECONDS), err.get(10, TimeUnit.SECONDS));
    }

    /// Asks it to end, waits until it has and kills it where it doesn't.
    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }

    private String fromBanner(Pattern pattern) {
        try {
            var found = pattern.matcher(banner.get());
            assertThat(found.find()).as("%s in %s", pattern, banner).isTrue();
            return found.group(1);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private void drain(BufferedReader from, CompletableFuture<String> all) {
        var text = new StringBuilder();
        try (from) {
            for (var line = from.readLine(); line != null; line = from.readLine()) {
                text.append(line).append('\n');
                if (line.contains(LAST_LINE)) {
                    banner.complete(text.toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            all.complete(text.toString());
        }
    }
}
