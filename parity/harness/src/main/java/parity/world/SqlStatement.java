package parity.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Stands for a statement, prepared or not. */
final class SqlStatement {
  private final SqlConnection connection;
  private final String prepared;
  private final SortedMap<Integer, Object> parameters = new TreeMap<>();
  private final List<String> batch = new ArrayList<>();
  private final List<List<?>> batchParameters = new ArrayList<>();
  private Statement self;
  private Map<?, ?> answer = Map.of();
  private boolean closed;
  private boolean taken;

  SqlStatement(SqlConnection connection, String prepared) {
    this.connection = connection;
    this.prepared = prepared;
  }

  <T extends Statement> T as(Class<T> type) {
    T made = Sql.proxy(type, this::call);
    self = made;
    return made;
  }

  private Object call(String name, Object[] arguments) throws SQLException {
    boolean sets = name.startsWith("set") && arguments.length >= 2;
    if (sets && arguments[0] instanceof Integer place) {
      parameters.put(place, name.equals("setNull") ? null : plain(arguments[1]));
      return null;
    }
    switch (name) {
      case "executeQuery":
        run(arguments);
        return rows();
      case "executeUpdate":
        run(arguments);
        return (int) Math.max(count(), 0);
      case "executeLargeUpdate":
        run(arguments);
        return Math.max(count(), 0);
      case "execute":
        run(arguments);
        return answer.get("columns") != null;
      case "addBatch":
        batch.add(arguments.length == 0 ? prepared : (String) arguments[0]);
        batchParameters.add(given());
        return null;
      case "clearBatch":
        batch.clear();
        batchParameters.clear();
        return null;
      case "executeBatch":
        return all().stream().mapToInt(Long::intValue).toArray();
      case "executeLargeBatch":
        return all().stream().mapToLong(Long::longValue).toArray();
      case "clearParameters":
        parameters.clear();
        return null;
      case "getResultSet":
        return answer.get("columns") == null ? null : rows();
      case "getUpdateCount":
        return (int) updated();
      case "getLargeUpdateCount":
        return updated();
      case "getMoreResults":
        taken = true;
        return false;
      case "getGeneratedKeys":
        return keys();
      case "getConnection":
        return connection.proxy();
      case "close":
        closed = true;
        return null;
      case "isClosed":
        return closed;
      default:
        return Sql.OTHERWISE;
    }
  }

  private void run(Object[] arguments) throws SQLException {
    boolean brings = arguments.length > 0 && arguments[0] instanceof String;
    taken = false;
    answer = connection.run(brings ? (String) arguments[0] : prepared, brings ? List.of() : given());
  }

  /** The parameters in the order of their places. */
  private List<?> given() throws SQLException {
    for (int place = 1; place <= parameters.size(); place++) {
      if (!parameters.containsKey(place)) {
        throw new SQLException("parameter " + place + " is not set", "07001");
      }
    }
    return new ArrayList<>(parameters.values());
  }

  private List<Long> all() throws SQLException {
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      answer = connection.run(batch.get(i), batchParameters.get(i));
      counts.add(answer.get("count") == null ? Statement.SUCCESS_NO_INFO : count());
    }
    batch.clear();
    batchParameters.clear();
    return counts;
  }

  private long count() {
    return answer.get("count") instanceof Number count ? count.longValue() : 0;
  }

  private long updated() {
    return taken || answer.get("columns") != null ? -1 : count();
  }

  private ResultSet rows() {
    return new SqlRows(self, answer.get("columns"), answer.get("rows")).proxy();
  }

  private ResultSet keys() {
    Object id = answer.get("id");
    List<?> rows = id == null ? List.of() : List.of(List.of(id));
    return new SqlRows(self, List.of("GENERATED_KEY"), rows).proxy();
  }

  /** A parameter as the python side has it. */
  private static Object plain(Object value) throws SQLException {
    if (value instanceof Timestamp moment) {
      return moment.toLocalDateTime();
    } else if (value instanceof Date day) {
      return day.toLocalDate();
    } else if (value instanceof Time time) {
      return time.toLocalTime();
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    } else if (value instanceof Float number) {
      return number.doubleValue();
    }
    try {
      if (value instanceof InputStream stream) {
        return stream.readAllBytes();
      } else if (value instanceof Reader reader) {
        StringWriter text = new StringWriter();
        reader.transferTo(text);
        return text.toString();
      }
    } catch (IOException error) {
      throw new SQLException("a parameter cannot be read", error);
    }
    return value;
  }
}
