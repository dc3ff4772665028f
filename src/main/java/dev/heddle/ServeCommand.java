package dev.heddle;

import picocli.CommandLine.Command;

@Command(name = "serve")
final class ServeCommand {}
