package dev.carillon.auth.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.JdbiException;

/** The database cannot be reached, or went away. Not the fault of what was asked. */
public final class DatabaseUnavailableException extends RuntimeException {
  DatabaseUnavailableException(JdbiException cause) {
    super(cause);
  }

  /** Whether that failed because of the connection: SQLSTATE 08, 57P, and H2's 90. */
  static boolean isCauseOf(JdbiException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException) {
        return true;
      }
      if (cause instanceof SQLException sql && isConnection(String.valueOf(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isConnection(String state) {
    return state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        // H2: closed, cannot be opened, connection broken, already in use
        || state.equals("90007")
        || state.equals("90098")
        || state.equals("90067")
        || state.equals("90020")
        || state.equals("90121");
  }
}
