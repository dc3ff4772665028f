package dev.heddle;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The command line: what `./heddle` understands.
@Command(
        name = "heddle",
        description =
                "Serves one set of Protobuf services over gRPC, JSON, SSE and CSV, from one port.",
        mixinStandardHelpOptions = true,
        versionProvider = HeddleCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            TokenCommand.class,
            DemoCommand.class,
            SourceTreeCommand.Test.class,
            SourceTreeCommand.Bench.class
        })
final class HeddleCommand {
    /// The version that the jar was built as.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Heddle " + text()};
        }

        static String text() {
            var version = HeddleCommand.class.getPackage().getImplementationVersion();
            return version == null ? "(built from source)" : version;
        }
    }
}
