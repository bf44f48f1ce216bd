package parity.world;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Stands for the rows that a query gives. */
final class SqlRows {
  private static final Map<Class<?>, String> GETTERS =
      Map.ofEntries(
          Map.entry(String.class, "String"),
          Map.entry(Integer.class, "Int"),
          Map.entry(Long.class, "Long"),
          Map.entry(Double.class, "Double"),
          Map.entry(Boolean.class, "Boolean"),
          Map.entry(BigDecimal.class, "BigDecimal"),
          Map.entry(byte[].class, "Bytes"),
          Map.entry(Timestamp.class, "Timestamp"),
          Map.entry(Date.class, "Date"),
          Map.entry(Time.class, "Time"));
  private final Statement statement;
  private final List<?> columns;
  private final List<?> rows;
  private final ResultSet self = Sql.proxy(ResultSet.class, this::call);
  private int at = -1;
  private boolean wasNull;
  private boolean closed;

  SqlRows(Statement statement, Object columns, Object rows) {
    this.statement = statement;
    this.columns = columns == null ? List.of() : (List<?>) columns;
    this.rows = rows == null ? List.of() : (List<?>) rows;
  }

  ResultSet proxy() {
    return self;
  }

  private Object call(String name, Object[] arguments) throws SQLException {
    if (name.startsWith("get") && arguments.length > 0) {
      Object value = value(arguments[0]);
      return got(name.substring("get".length()), value, arguments);
    }
    switch (name) {
      case "next":
        at = Math.min(at + 1, rows.size());
        return at < rows.size();
      case "wasNull":
        return wasNull;
      case "findColumn":
        return column(arguments[0]) + 1;
      case "getMetaData":
        return Sql.proxy(ResultSetMetaData.class, this::about);
      case "getStatement":
        return statement;
      case "getRow":
        return at < rows.size() ? at + 1 : 0;
      case "isBeforeFirst":
        return at < 0 && !rows.isEmpty();
      case "isFirst":
        return at == 0 && !rows.isEmpty();
      case "isLast":
        return at == rows.size() - 1 && !rows.isEmpty();
      case "isAfterLast":
        return at >= rows.size() && !rows.isEmpty();
      case "close":
        closed = true;
        return null;
      case "isClosed":
        return closed;
      case "getType":
        return ResultSet.TYPE_FORWARD_ONLY;
      case "getConcurrency":
        return ResultSet.CONCUR_READ_ONLY;
      default:
        return Sql.OTHERWISE;
    }
  }

  private Object about(String name, Object[] arguments) {
    return switch (name) {
      case "getColumnCount" -> columns.size();
      case "getColumnName", "getColumnLabel" -> columns.get((Integer) arguments[0] - 1);
      case "getColumnClassName" -> "java.lang.Object";
      default -> Sql.OTHERWISE;
    };
  }

  private int column(Object asked) throws SQLException {
    if (asked instanceof Integer place) {
      if (place < 1 || place > columns.size()) {
        throw new SQLException("there is no column " + place, "42S22");
      }
      return place - 1;
    }
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).toString().equalsIgnoreCase(asked.toString())) {
        return i;
      }
    }
    throw new SQLException("there is no column " + asked, "42S22");
  }

  private Object value(Object asked) throws SQLException {
    int column = column(asked);
    if (at < 0 || at >= rows.size()) {
      throw new SQLException("there is no row here", "24000");
    }
    Object value = ((List<?>) rows.get(at)).get(column);
    wasNull = value == null;
    return value;
  }

  private static Object got(String type, Object value, Object[] arguments) throws SQLException {
    if (value == null) {
      return switch (type) {
        case "Int" -> 0;
        case "Long" -> 0L;
        case "Short" -> (short) 0;
        case "Byte" -> (byte) 0;
        case "Double" -> 0.0;
        case "Float" -> 0.0f;
        case "Boolean" -> false;
        default -> null;
      };
    }
    try {
      return typed(type, value, arguments);
    } catch (ArithmeticException | IllegalArgumentException | java.time.DateTimeException error) {
      throw new SQLDataException("no " + type + ": " + value, "22018", error);
    }
  }

  private static Object typed(String type, Object value, Object[] arguments) throws SQLException {
    return switch (type) {
      case "String", "NString" -> text(value);
      case "Int" -> decimal(value).toBigInteger().intValueExact();
      case "Long" -> decimal(value).toBigInteger().longValueExact();
      case "Short" -> decimal(value).toBigInteger().shortValueExact();
      case "Byte" -> decimal(value).toBigInteger().byteValueExact();
      case "Double" -> value instanceof Double number ? number : decimal(value).doubleValue();
      case "Float" -> value instanceof Double number ? number.floatValue() : decimal(value).floatValue();
      case "BigDecimal" -> decimal(value);
      case "Boolean" -> value instanceof Boolean yes ? yes : isTrue(value);
      case "Bytes" -> bytes(value);
      case "BinaryStream" -> new ByteArrayInputStream(bytes(value));
      case "Timestamp" -> Timestamp.valueOf(moment(value));
      case "Date" -> Date.valueOf(value instanceof LocalDate day ? day : moment(value).toLocalDate());
      case "Time" -> Time.valueOf(value instanceof LocalTime time ? time : moment(value).toLocalTime());
      case "Object" ->
          arguments.length > 1 && arguments[1] instanceof Class<?> wanted
              ? of(wanted, value)
              : object(value);
      default -> throw new SQLException("what stands for a ResultSet has no get" + type, "0A000");
    };
  }

  private static Object object(Object value) {
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    } else if (value instanceof LocalDateTime moment) {
      return Timestamp.valueOf(moment);
    }
    return value instanceof LocalDate day ? Date.valueOf(day) : value;
  }

  private static Object of(Class<?> wanted, Object value) throws SQLException {
    String getter = GETTERS.get(wanted);
    if (getter != null) {
      return typed(getter, value, new Object[1]);
    } else if (wanted.isInstance(value)) {
      return value;
    } else if (wanted == LocalDateTime.class) {
      return moment(value);
    } else if (wanted == LocalDate.class) {
      return LocalDate.parse(text(value));
    } else if (wanted == LocalTime.class) {
      return LocalTime.parse(text(value));
    } else if (wanted == OffsetDateTime.class) {
      return OffsetDateTime.parse(text(value));
    } else if (wanted == Instant.class) {
      return OffsetDateTime.parse(text(value)).toInstant();
    } else if (wanted == UUID.class) {
      return UUID.fromString(text(value));
    } else if (wanted == BigInteger.class) {
      return decimal(value).toBigIntegerExact();
    }
    throw new SQLException("a value cannot be had as " + wanted.getName(), "22000");
  }

  private static boolean isTrue(Object value) {
    return value instanceof String text
        ? text.equalsIgnoreCase("true") || text.equals("1") || text.equalsIgnoreCase("t")
        : decimal(value).signum() != 0;
  }

  private static BigDecimal decimal(Object value) {
    return value instanceof Boolean yes
        ? yes ? BigDecimal.ONE : BigDecimal.ZERO
        : new BigDecimal(value.toString().strip());
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  private static byte[] bytes(Object value) {
    return value instanceof byte[] bytes ? bytes : text(value).getBytes(StandardCharsets.UTF_8);
  }

  private static LocalDateTime moment(Object value) {
    if (value instanceof LocalDateTime moment) {
      return moment;
    } else if (value instanceof OffsetDateTime moment) {
      return moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    } else if (value instanceof LocalDate day) {
      return day.atStartOfDay();
    }
    return Timestamp.valueOf(value.toString().replace('T', ' ')).toLocalDateTime();
  }
}
