package dev.heddle.db;

import io.helidon.dbclient.DbClientService;
import io.helidon.dbclient.DbClientServiceContext;

/// Tells the lease of each statement of DbClient's. A query ends when its last row was read.
final class StatementObserver implements DbClientService {
    @Override
    public DbClientServiceContext statement(DbClientServiceContext context) {
        var end = Lease.current().begin(context.statementName());
        var _ = context.statementFuture().thenRun(end);
        return context;
    }
}
