package dev.heddle;

import picocli.CommandLine;

/// The entry of the program.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new HeddleCommand()).execute(arguments));
    }
}
