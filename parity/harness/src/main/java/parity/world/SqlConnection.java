package parity.world;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Stands for a connection: what is executed on it is answered from the fixture. */
final class SqlConnection {
  private final Connection self = Sql.proxy(Connection.class, this::call);
  private boolean automatic = true;
  private boolean explicit;
  private boolean pending;
  private boolean closed;

  Connection proxy() {
    return self;
  }

  private Object call(String name, Object[] arguments) throws SQLException {
    switch (name) {
      case "createStatement":
        return new SqlStatement(this, null).as(Statement.class);
      case "prepareStatement":
        return new SqlStatement(this, (String) arguments[0]).as(PreparedStatement.class);
      case "prepareCall":
        return new SqlStatement(this, (String) arguments[0]).as(CallableStatement.class);
      case "setAutoCommit":
        boolean on = (Boolean) arguments[0];
        if (on && !automatic) {
          finish("commit");
        }
        automatic = on;
        return null;
      case "getAutoCommit":
        return automatic;
      case "commit", "rollback":
        if (arguments.length == 0) {
          finish(name);
        }
        return null;
      case "close", "abort":
        finish("rollback");
        closed = true;
        return null;
      case "isClosed":
        return closed;
      case "isValid":
        return !closed;
      case "nativeSQL":
        return arguments[0];
      case "getTransactionIsolation":
        return Connection.TRANSACTION_READ_COMMITTED;
      case "getMetaData":
        return Sql.proxy(DatabaseMetaData.class, this::about);
      default:
        return Sql.OTHERWISE;
    }
  }

  private Object about(String name, Object[] arguments) {
    return switch (name) {
      case "getConnection" -> self;
      case "getIdentifierQuoteString" -> "\"";
      case "supportsBatchUpdates", "supportsGetGeneratedKeys", "supportsTransactions" -> true;
      default -> Sql.OTHERWISE;
    };
  }

  /** The answer to one statement. */
  Map<?, ?> run(String statement, List<?> parameters) throws SQLException {
    if (closed) {
      throw new SQLException("the connection is closed", "08003");
    }
    String text = SqlText.normal(statement);
    if (text.equals("begin") || text.startsWith("begin ") || text.startsWith("start transaction")) {
      explicit = true;
      return Map.of();
    } else if (text.equals("commit") || text.equals("end") || text.equals("rollback")) {
      finish(text.equals("rollback") ? text : "commit");
      return Map.of();
    }
    Map<?, ?> answer = Sql.call("execute", List.of(text, parameters));
    if (SqlText.changes(text)) {
      pending = true;
      if (automatic && !explicit) {
        finish("commit");
      }
    }
    return answer;
  }

  /** A commit or a rollback: of nothing, it is none. */
  private void finish(String call) throws SQLException {
    boolean was = pending;
    pending = false;
    explicit = false;
    if (was) {
      Sql.call(call, List.of());
    }
  }
}
