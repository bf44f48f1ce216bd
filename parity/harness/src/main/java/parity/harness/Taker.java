package parity.harness;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.AbstractMap;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A declared type, and what it makes of each kind of value. */
final class Taker {
  private static final Pattern MINUS_ZERO = Pattern.compile("-0(\\.0*)?([eE].*)?");
  private static final Set<String> LAZY = Set.of("Iterator", "Stream", "InputStream");
  private static final Set<String> CONTAINERS =
      Set.of("byte[]", "ByteBuffer", "array", "List", "Collection", "Set", "Map", "Map.Entry", "bean", "other");
  private final Converter converter;
  private final Type type;
  private final Class<?> raw;
  private final String row;
  private final Rule[] rules = new Rule[Kind.values().length];
  private final int bits;
  // Resolved when they are needed first: types may contain themselves.
  private Taker element;
  private Taker value;
  private Container list;
  private Container bag;
  private Container map;
  private Fields fields;
  private Map<String, Object> constants;
  private boolean asked;

  Taker(Converter converter, Type type, Map<Kind, Rule> cells) {
    this.converter = converter;
    this.type = type;
    this.raw = Types.raw(type);
    this.row = Types.row(type);
    this.bits = bits(raw);
    cells.forEach((kind, rule) -> rules[kind.ordinal()] = rule);
  }

  private static int bits(Class<?> raw) {
    return switch (raw.getSimpleName()) {
      case "byte", "Byte" -> 8;
      case "short", "Short" -> 16;
      case "int", "Integer" -> 32;
      default -> 64;
    };
  }

  Type type() {
    return type;
  }

  /** Whether reading a value of it would use it up. */
  boolean isLazy() {
    return LAZY.contains(row);
  }

  /** Whether a call can change what it took, so that one has to look. */
  boolean canChange(Object taken) {
    if (taken == null || isLazy()) {
      return false;
    }
    return switch (row) {
      case "Object" -> !Shape.of(taken.getClass()).isLeaf() || taken instanceof byte[];
      case "Optional" -> raw == Optional.class && element().canChange();
      case "record" -> canChange();
      default -> CONTAINERS.contains(row);
    };
  }

  /** Whether a call can change any value of it. */
  boolean canChange() {
    if (row.equals("record") && !asked) {
      asked = true; // one that contains itself is asked while it answers
      boolean can = fields().canChange();
      asked = false;
      return can;
    }
    return switch (row) {
      case "Object", "Optional", "record" -> true;
      default -> CONTAINERS.contains(row);
    };
  }

  /** The Java value of a document at {@code path}, which is null where nothing refers to it. */
  Object take(Object document, String path) throws Refused {
    if (document instanceof String) {
      return take(Kind.STR, document, path);
    } else if (document instanceof Long) {
      return take(Kind.INT, document, path);
    } else if (document instanceof Map<?, ?> members) {
      return takeMembers(members, path);
    } else if (document instanceof List<?>) {
      return take(Kind.LIST, document, path);
    } else if (document == null) {
      return take(Kind.NONE, null, path);
    } else if (document instanceof Double) {
      return take(Kind.FLOAT, document, path);
    }
    return take(document instanceof Boolean ? Kind.BOOL : Kind.INT, document, path);
  }

  private Object takeMembers(Map<?, ?> members, String path) throws Refused {
    if (members.size() == 1) {
      Map.Entry<?, ?> only = members.entrySet().iterator().next();
      String tag = (String) only.getKey();
      if (tag.startsWith("$")) {
        Object payload = only.getValue();
        return takeTagged(Kind.tagged(tag, payload), payload, path);
      }
    }
    return take(Kind.DICT, members, path);
  }

  private Object takeTagged(Kind kind, Object payload, String path) throws Refused {
    return switch (kind) {
      case REF -> converter.again((String) payload, raw);
      case PORT -> converter.port((String) payload, raw);
      case INT -> take(kind, Json.narrowed(new BigInteger((String) payload)), path);
      case FLOAT -> take(kind, special((String) payload), path);
      default -> take(kind, payload, path);
    };
  }

  private static Double special(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> -0.0;
    };
  }

  private Object take(Kind kind, Object payload, String path) throws Refused {
    Rule rule = rules[kind.ordinal()];
    if (rule == null) {
      throw new Refused("a Python " + kind.word() + " is not taken by " + Types.shown(type));
    }
    return switch (rule) {
      case NULL -> null;
      case EMPTY -> optional(null);
      case ITS_VALUE -> optional(element().take(kind, payload, path));
      case IN_RANGE -> inRange(payload);
      case IF_EXACT -> ifExact((Number) payload);
      case SCALE_0 -> new BigDecimal(big(payload));
      case FINITE -> decimal((String) payload);
      case SMALLEST -> smallest(payload);
      case ONE_CHAR -> oneChar((String) payload);
      case BY_ELEMENT -> elements(kind, items(payload), path);
      case BY_ENTRY -> entries(payload, path);
      case BY_PLACE ->
          row.equals("record")
              ? fields().inOrder(items(payload), path)
              : pair(items(payload), path);
      case BY_FIELD -> row.equals("Map") ? entries(members(kind, payload), path) : byField(kind, payload, path);
      case BY_NAME -> constant((String) items(payload).get(1));
      case SAME, ITS_OFFSET, ITS_INSTANT -> leaf(rule, kind, payload);
    };
  }

  @SuppressWarnings("unchecked")
  private static List<Object> items(Object payload) {
    return (List<Object>) payload;
  }

  private static BigInteger big(Object number) {
    return number instanceof Long small ? BigInteger.valueOf(small) : (BigInteger) number;
  }

  // ------------------------------------------------------------ leaves

  private Object leaf(Rule rule, Kind kind, Object payload) throws Refused {
    if (kind == Kind.STR || kind == Kind.FLOAT || kind == Kind.BOOL) {
      return payload;
    } else if (kind == Kind.INT) {
      return big(payload);
    }
    String text = (String) payload;
    try {
      return switch (rule) {
        case ITS_OFFSET -> Temporals.offset(text);
        case ITS_INSTANT -> Temporals.instant(text);
        default -> same(kind, text);
      };
    } catch (DateTimeException | IllegalArgumentException error) {
      throw new Refused(error.getMessage());
    }
  }

  private Object same(Kind kind, String text) throws Refused {
    return switch (kind) {
      case BYTES -> bytes(Base64.getDecoder().decode(text));
      case DATE -> LocalDate.parse(text);
      case TIME -> Temporals.time(text);
      case AWARE_TIME -> Temporals.offsetTime(text);
      case DATETIME -> Temporals.local(text);
      case AWARE_DATETIME -> aware(text);
      case TIMEDELTA -> Temporals.duration(text);
      case UUID -> UUID.fromString(text);
      case DECIMAL -> decimal(text);
      default -> text;
    };
  }

  private Object aware(String text) throws Refused {
    boolean plain = raw == Object.class && text.indexOf('[') < 0;
    return plain ? Temporals.offset(text) : Temporals.zoned(text);
  }

  private Object bytes(byte[] bytes) {
    if (raw == ByteBuffer.class) {
      return ByteBuffer.wrap(bytes);
    }
    return raw.isAssignableFrom(byte[].class) ? bytes : new ByteArrayInputStream(bytes);
  }

  // ------------------------------------------------------------ numbers

  private Object inRange(Object number) throws Refused {
    if (number instanceof Long whole) {
      long small = whole;
      if (bits == 64) {
        return whole;
      } else if (small >= -1L << bits - 1 && small < 1L << bits - 1) {
        return switch (bits) {
          case 8 -> (Object) (byte) small;
          case 16 -> (short) small;
          default -> (int) small;
        };
      }
    }
    throw new Refused(number + " is out of the range of " + raw.getSimpleName());
  }

  private Object ifExact(Number number) throws Refused {
    boolean single = raw == float.class || raw == Float.class;
    double value = number.doubleValue();
    boolean exact = number instanceof Double || isExact(number, value);
    if (single) {
      exact &= Double.isNaN(value) || (double) (float) value == value;
    }
    if (!exact) {
      throw new Refused(number + " has no exact " + raw.getSimpleName());
    }
    return single ? (Object) (float) value : (Object) value;
  }

  private static boolean isExact(Number whole, double value) {
    if (whole instanceof Long small && Math.abs(small) <= 1L << 53) {
      return true;
    }
    return !Double.isInfinite(value)
        && new BigDecimal(value).compareTo(new BigDecimal(big(whole))) == 0;
  }

  private static BigDecimal decimal(String text) throws Refused {
    if (text.startsWith("-0") && MINUS_ZERO.matcher(text).matches()) {
      throw new Refused("a BigDecimal has no negative zero");
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException error) {
      throw new Refused(text + " is no BigDecimal");
    }
  }

  private static Object smallest(Object number) {
    if (number instanceof Long whole) {
      long small = whole;
      return small == (int) small ? (Object) (int) small : whole;
    }
    return number;
  }

  private static Object oneChar(String text) throws Refused {
    if (text.length() != 1) {
      throw new Refused("a char holds one UTF-16 unit, not " + text.length());
    }
    return text.charAt(0);
  }

  // ------------------------------------------------------------ containers

  /** What takes the elements, or the keys of a map, or the value of an optional. */
  private Taker element() {
    if (element == null) {
      element = converter.taker(elementType());
    }
    return element;
  }

  private Type elementType() {
    if (row.equals("array")) {
      return Types.component(type);
    } else if (raw == OptionalInt.class) {
      return int.class;
    } else if (raw == OptionalLong.class) {
      return long.class;
    } else if (raw == OptionalDouble.class) {
      return double.class;
    } else if (raw == IntStream.class) {
      return Integer.class;
    } else if (raw == LongStream.class) {
      return Long.class;
    }
    return raw == DoubleStream.class ? Double.class : Types.argument(type, 0);
  }

  private Object optional(Object value) {
    if (raw == OptionalInt.class) {
      return value == null ? OptionalInt.empty() : OptionalInt.of((Integer) value);
    } else if (raw == OptionalLong.class) {
      return value == null ? OptionalLong.empty() : OptionalLong.of((Long) value);
    } else if (raw == OptionalDouble.class) {
      return value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
    }
    return Optional.ofNullable(value);
  }

  private Object elements(Kind kind, List<Object> items, String path) throws Refused {
    if (row.equals("array")) {
      return array(items, path);
    }
    Taker of = element();
    Container maker = kind.isBag() ? bag() : list();
    Collection<Object> target = maker.collection(items.size());
    converter.made(path, target);
    int index = 0;
    for (Object item : items) {
      String place =
          path == null ? null : path + (kind.isBag() ? "[*]" : "[" + index + "]");
      Object value = of.take(item, place);
      maker.add(target, value);
      index++;
    }
    return switch (row) {
      case "Iterator" -> target.iterator();
      case "Stream" -> stream(target);
      default -> target;
    };
  }

  private Container list() {
    if (list == null) {
      list = Container.list(raw, converter.phase());
    }
    return list;
  }

  private Container bag() {
    if (bag == null) {
      bag = Container.bag(raw, converter.phase());
    }
    return bag;
  }

  private Object stream(Collection<Object> items) {
    if (raw == IntStream.class) {
      return items.stream().mapToInt(item -> (Integer) item);
    } else if (raw == LongStream.class) {
      return items.stream().mapToLong(item -> (Long) item);
    }
    return raw == DoubleStream.class
        ? items.stream().mapToDouble(item -> (Double) item)
        : items.stream();
  }

  private Object array(List<Object> items, String path) throws Refused {
    Taker of = element();
    int size = items.size();
    Object array = Array.newInstance(of.raw, size);
    converter.made(path, array);
    for (int i = 0; i < size; i++) {
      Object value = of.take(items.get(i), path == null ? null : path + "[" + i + "]");
      if (array instanceof long[] longs) {
        longs[i] = (Long) value;
      } else if (array instanceof Object[] objects) {
        objects[i] = value;
      } else {
        Array.set(array, i, value);
      }
    }
    return array;
  }

  private Object pair(List<Object> items, String path) throws Refused {
    if (items.size() != 2) {
      throw new Refused("a pair has two items, not " + items.size());
    }
    if (value == null) {
      value = converter.taker(Types.argument(type, 1));
    }
    Object key = element().take(items.get(0), path == null ? null : path + "[0]");
    Object held = value.take(items.get(1), path == null ? null : path + "[1]");
    Map.Entry<Object, Object> made = new AbstractMap.SimpleEntry<>(key, held);
    converter.made(path, made);
    return made;
  }

  private Object entries(Object payload, String path) throws Refused {
    if (map == null) {
      map = Container.map(raw, converter.phase());
      value = converter.taker(Types.argument(type, 1));
    }
    Taker keys = element();
    Map<Object, Object> target = map.map();
    converter.made(path, target);
    if (payload instanceof Map<?, ?> members) {
      for (Map.Entry<?, ?> member : members.entrySet()) {
        entry(target, keys, member.getKey(), member.getValue(), path);
      }
    } else {
      for (Object pair : items(payload)) {
        entry(target, keys, items(pair).get(0), items(pair).get(1), path);
      }
    }
    return target;
  }

  private void entry(
      Map<Object, Object> target, Taker keys, Object name, Object document, String path)
      throws Refused {
    Object key = keys.take(name, path == null ? null : path + "[*]");
    map.put(target, key, value.take(document, path == null ? null : Paths.place(path, name)));
  }

  // ------------------------------------------------------------ objects

  /** The fields of an object by name, or the entries of a dict whose keys are texts. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(Kind kind, Object payload) throws Refused {
    if (kind == Kind.OBJECT) {
      return (Map<String, Object>) items(payload).get(1);
    } else if (payload instanceof Map<?, ?> members) {
      return (Map<String, Object>) members;
    }
    Map<String, Object> fields = new java.util.LinkedHashMap<>();
    for (Object pair : items(payload)) {
      if (!(items(pair).get(0) instanceof String name)) {
        throw new Refused("a key of the dict is not a text");
      }
      fields.put(name, items(pair).get(1));
    }
    return fields;
  }

  private Object byField(Kind kind, Object payload, String path) throws Refused {
    return fields().make(members(kind, payload), path);
  }

  private Fields fields() {
    if (fields == null) {
      fields = Fields.of(converter, raw);
    }
    return fields;
  }

  private Object constant(String name) throws Refused {
    if (constants == null) {
      constants = new HashMap<>();
      for (Object constant : raw.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
    }
    Object constant = constants.get(name);
    if (constant == null) {
      throw new Refused(raw.getName() + " has no constant " + name);
    }
    return constant;
  }
}
