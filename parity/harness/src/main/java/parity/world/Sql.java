package parity.world;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;

/** Stands in for what gives connections to databases. */
public final class Sql {
  private Sql() {}

  public static Connection getConnection(DataSource source) throws SQLException {
    return Outside.has("sql") ? new SqlConnection().proxy() : source.getConnection();
  }

  public static Connection getConnection(DataSource source, String user, String password)
      throws SQLException {
    return Outside.has("sql") ? new SqlConnection().proxy() : source.getConnection(user, password);
  }

  public static Connection connect(Driver driver, String address, Properties properties)
      throws SQLException {
    return Outside.has("sql")
        ? new SqlConnection().proxy()
        : driver.connect(address, properties);
  }

  /** The answer to a call, or the exception that stands for the database's error. */
  static Map<?, ?> call(String call, List<?> arguments) throws SQLException {
    try {
      Object answer = Outside.call("sql", call, arguments);
      return answer == null ? Map.of() : (Map<?, ?>) answer;
    } catch (Outside.Failed failed) {
      throw error(failed.name(), failed.getMessage());
    }
  }

  private static SQLException error(String name, String message) {
    return switch (name) {
      case "IntegrityError" -> new SQLIntegrityConstraintViolationException(message, "23000");
      case "ProgrammingError" -> new SQLSyntaxErrorException(message, "42000");
      case "DataError" -> new SQLDataException(message, "22000");
      case "NotSupportedError" -> new SQLFeatureNotSupportedException(message, "0A000");
      case "OperationalError" -> new SQLException(message, "08000");
      default -> new SQLException(message, "HY000");
    };
  }

  /** What takes the calls of an interface of JDBC. */
  @FunctionalInterface
  interface Calls {
    /** What a method gives; {@link #OTHERWISE} where nothing depends on it. */
    Object call(String name, Object[] arguments) throws SQLException;
  }

  static final Object OTHERWISE = new Object();

  /** An instance of an interface of JDBC. */
  static <T> T proxy(Class<T> type, Calls calls) {
    Object made =
        Proxy.newProxyInstance(
            Sql.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object[] given = arguments == null ? new Object[0] : arguments;
              Object answer = ofObject(self, method, given);
              answer = answer == OTHERWISE ? calls.call(method.getName(), given) : answer;
              return answer == OTHERWISE ? nothing(method.getReturnType()) : answer;
            });
    return type.cast(made);
  }

  private static Object ofObject(Object self, Method method, Object[] given) {
    return switch (method.getName() + given.length) {
      case "hashCode0" -> System.identityHashCode(self);
      case "equals1" -> self == given[0];
      case "toString0" -> "port sql";
      case "unwrap1" -> self;
      case "isWrapperFor1" -> ((Class<?>) given[0]).isInstance(self);
      default -> OTHERWISE;
    };
  }

  private static Object nothing(Class<?> type) {
    if (type == boolean.class) {
      return false;
    } else if (type == long.class) {
      return 0L;
    } else if (type == int.class) {
      return 0;
    }
    return type == String.class ? "" : null;
  }
}
