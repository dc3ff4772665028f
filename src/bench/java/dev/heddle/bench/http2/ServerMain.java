package dev.heddle.bench.http2;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The process of one server. It prints its port, answers each line of its input with one line, and
/// ends with its input, thus also when the benchmark is killed.
///
/// - `usage`: nanoseconds of CPU time and bytes allocated since the start
/// - `record`: starts a profile
/// - `dump FILE`: ends the profile and writes it
public final class ServerMain {
    /// Loggers live only as long as somebody holds them.
    private static final Logger ROOT = Logger.getLogger("");

    private ServerMain() {}

    /// Starts a server.
    ///
    /// @param arguments the name of a [ServerKind]
    public static void main(String[] arguments) throws IOException {
        ROOT.setLevel(Level.WARNING);
        System.out.println(ServerKind.valueOf(arguments[0]).start());
        var profile = new Recorder();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var words = line.split(" ", 2);
            System.out.println(
                    switch (words[0]) {
                        case "usage" -> usage();
                        case "record" -> profile.start();
                        case "dump" -> profile.dump(Path.of(words[1]));
                        default -> "%s: no such command".formatted(line);
                    });
        }
        System.exit(0);
    }

    private static String usage() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        return "%d %d"
                .formatted(system.getProcessCpuTime(), threads.getTotalThreadAllocatedBytes());
    }
}
