package dev.heddle.db;

import dev.heddle.rpc.Task;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A connection as DbClient gets to see it.
///
/// DbClient closes a transaction's connection when a query fails, and then fails in its rollback;
/// it forgets to close one when a statement can't be prepared. So what it does to close a
/// connection counts for nothing here: the [Lease] ends by itself.
///
/// @param physical the connection
/// @param task the task on whose behalf it is used; once that is cancelled no further statement is
///   prepared
record LentConnection(Connection physical, Optional<Task> task) implements InvocationHandler {
    static Connection of(Connection physical, Optional<Task> task) {
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        new LentConnection(physical, task));
    }

    @Override
    public @Nullable Object invoke(
            Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "close" -> null;
            case "prepareStatement" -> {
                task.ifPresent(Task::check);
                yield forward(method, arguments);
            }
            default -> forward(method, arguments);
        };
    }

    private @Nullable Object forward(Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(physical, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
