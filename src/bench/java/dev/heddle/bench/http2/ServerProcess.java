package dev.heddle.bench.http2;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A server in a process of its own, under the options of this one; see [ServerMain].
final class ServerProcess implements AutoCloseable {
    private final ServerKind kind;
    private final Path log;
    private final Process process;
    private final BufferedReader in;
    private final PrintWriter out;
    private final int port;

    /// What a server has used since its start.
    record Usage(long cpuNanos, long allocatedBytes) {
        Usage since(Usage before) {
            return new Usage(
                    cpuNanos - before.cpuNanos(), allocatedBytes - before.allocatedBytes());
        }
    }

    /// Starts it.
    ///
    /// @param folder for its log, which is added to
    ServerProcess(ServerKind kind, Path folder) throws IOException {
        this.kind = kind;
        this.log = folder.resolve(kind + ".log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of(
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerMain.class.getName(),
                        kind.name()));
        this.process =
                new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start();
        this.in = process.inputReader();
        this.out = new PrintWriter(process.outputWriter(), true);
        this.port = Integer.parseInt(answer());
    }

    ServerKind kind() {
        return kind;
    }

    int port() {
        return port;
    }

    Usage usage() throws IOException {
        var numbers = ask("usage").split(" ", -1);
        return new Usage(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    /// Starts a profile.
    void startProfile() throws IOException {
        ask("record");
    }

    /// Ends the profile and writes it to a file.
    void endProfile(Path file) throws IOException {
        ask("dump " + file.toAbsolutePath());
    }

    private String ask(String command) throws IOException {
        out.println(command);
        return answer();
    }

    private String answer() throws IOException {
        var line = in.readLine();
        if (line == null) {
            close();
            throw new IOException("%s has ended: see %s".formatted(kind, log));
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
