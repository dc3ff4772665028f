package dev.heddle.db;

import org.flywaydb.core.Flyway;

/// The schema, which is the SQL files in `db/migration`, in the order of their versions. A file
/// that was released never changes: a change is one more file.
public final class Migrations {
    private Migrations() {}

    /// Brings the schema up to date. Replicas that start at the same time do it one after another.
    ///
    /// @return how many files were run
    /// @throws org.flywaydb.core.api.FlywayException if the database can't be reached, a file fails
    ///   or one that was run has changed
    public static int run(Database.Settings settings) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(settings.url(), settings.username(), settings.password())
                .locations("classpath:db/migration")
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
