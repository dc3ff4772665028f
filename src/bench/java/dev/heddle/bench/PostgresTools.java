package dev.heddle.bench;

import dev.heddle.testing.Programs;
import dev.heddle.testing.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// PostgreSQL's own client programs, which the gateway is held against.
///
/// @param folder where they are
record PostgresTools(Path folder) {
    private static final Pattern TRANSACTIONS =
            Pattern.compile("number of transactions actually processed: (\\d+)");
    private static final int ECHOED = 2_000;

    /// @throws IOException if they are not installed
    static PostgresTools find() throws IOException {
        return Programs.folder("psql", "pgbench")
                .map(PostgresTools::new)
                .orElseThrow(() ->
                        new IOException(
                                "no psql and pgbench in PATH (expected: both, as Debian's postgresql-client and postgresql-contrib have them)"));
    }

    /// Reads users by their ids, in prepared statements, for a while.
    ///
    /// @param clients how many connections
    /// @return the number of reads
    Load.Work reads(TestPostgres.Database postgres, int clients, Duration time) throws IOException {
        var script = Files.createTempFile("reads", ".sql");
        script.toFile().deleteOnExit();
        // it finds its id in the database, since pgbench knows only numbers
        Files.writeString(
                script,
                """
                \\set number random(1, %d)
                SELECT %s FROM users WHERE id = (SELECT id FROM bench_ids WHERE number = :number);
                """
                        .formatted(JdbcUsers.READ_IDS, JdbcUsers.COLUMNS));
        return () -> {
            var printed = new ByteArrayOutputStream();
            run(
                    postgres,
                    printed,
                    "pgbench",
                    "--no-vacuum",
                    "--protocol=prepared",
                    "--client=" + clients,
                    "--jobs=2",
                    "--time=" + time.toSeconds(),
                    "--file=" + script);
            return transactions(printed.toString(StandardCharsets.UTF_8));
        };
    }

    /// Writes all users as CSV, in the order in which the gateway exports them.
    ///
    /// @return how many
    long copy(TestPostgres.Database postgres) throws IOException, InterruptedException {
        var count = new CsvExport.LineCount();
        run(
                postgres,
                count,
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--command=COPY (SELECT %s FROM users ORDER BY id) TO STDOUT WITH CSV"
                        .formatted(JdbcUsers.COLUMNS));
        return count.lines();
    }

    /// Runs a program to its good end.
    ///
    /// @param out gets what it prints
    private void run(TestPostgres.Database postgres, OutputStream out, String... command)
            throws IOException, InterruptedException {
        var address = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
        var arguments = new ArrayList<String>();
        arguments.add(folder.resolve(command[0]).toString());
        arguments.addAll(List.of(command).subList(1, command.length));
        var builder = new ProcessBuilder(arguments);
        builder.environment().put("PGHOST", address.getHost());
        builder.environment().put("PGPORT", Integer.toString(address.getPort()));
        builder.environment().put("PGDATABASE", address.getPath().substring(1));
        builder.environment().put("PGUSER", postgres.username());
        builder.environment().put("PGPASSWORD", postgres.password());
        var errors = Files.createTempFile(command[0], ".err");
        var process = builder.redirectError(errors.toFile()).start();
        try (var in = process.getInputStream()) {
            in.transferTo(out);
        }
        var isGood = process.waitFor() == 0;
        var failure = Files.readString(errors);
        Files.delete(errors);
        if (!isGood) {
            throw new IOException(
                    "%s failed: %s"
                            .formatted(
                                    command[0],
                                    failure.substring(0, Math.min(failure.length(), ECHOED))));
        }
    }

    private static long transactions(String printed) throws IOException {
        var found = TRANSACTIONS.matcher(printed);
        if (!found.find()) {
            throw new IOException("pgbench printed no number of transactions: " + printed);
        }
        return Long.parseLong(found.group(1));
    }
}
