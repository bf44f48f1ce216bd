package parity.harness;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.BaseStream;

/** Java values in fixture form. A cycle is written as {@code $ref}; lazy values are drained. */
final class Writer {
  private static final BigInteger SAFE = BigInteger.ONE.shiftLeft(53);
  private static final long SAFE_LONG = 1L << 53;
  private static final int MAX_NODES = 2_000_000;
  private static final int MAX_DEPTH = 1_000;
  private final int maxItems;
  private final Map<Object, String> above = new IdentityHashMap<>();
  private int nodes;

  Writer(int maxItems) {
    this.maxItems = maxItems;
  }

  /** The document of {@code value}, whose place is {@code path}. */
  Object write(Object value, String path) throws Formless {
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (++nodes > MAX_NODES) {
      throw new Formless(path, value.getClass().getName(), "it has more than 2000000 parts");
    }
    try {
      Object scalar = scalar(value);
      return scalar != null ? scalar : shared(value, path);
    } catch (Formless formless) {
      throw formless.at(path, value.getClass());
    }
  }

  private Object scalar(Object value) throws Formless {
    if (value instanceof Number number) {
      return number(number);
    } else if (value instanceof CharSequence || value instanceof Character) {
      return value.toString();
    } else if (value instanceof byte[] bytes) {
      return tag("$bytes", Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return tag("$bytes", Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof UUID) {
      return tag("$uuid", value.toString());
    } else if (value instanceof Enum<?> constant) {
      String name = constant.getDeclaringClass().getName();
      return tag("$enum", List.of(name, constant.name()));
    }
    return time(value);
  }

  private static Object number(Number value) {
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof AtomicInteger
        || value instanceof AtomicLong) {
      long number = value.longValue();
      boolean safe = -SAFE_LONG <= number && number <= SAFE_LONG;
      return safe ? (Object) number : tag("$int", Long.toString(number));
    } else if (value instanceof Double || value instanceof Float) {
      return floating(value.doubleValue());
    } else if (value instanceof BigInteger number) {
      boolean safe = number.abs().compareTo(SAFE) <= 0;
      return safe ? (Object) number.longValue() : tag("$int", number.toString());
    } else if (value instanceof BigDecimal) {
      return tag("$decimal", value.toString());
    }
    return null;
  }

  private static Object floating(double number) {
    if (Double.isNaN(number)) {
      return tag("$float", "nan");
    } else if (Double.isInfinite(number)) {
      return tag("$float", number > 0 ? "inf" : "-inf");
    }
    boolean minusZero = number == 0 && Double.doubleToRawLongBits(number) != 0;
    return minusZero ? tag("$float", "-0.0") : (Object) number;
  }

  private static Object time(Object value) throws Formless {
    if (value instanceof LocalDateTime moment) {
      return tag("$datetime", Temporals.write(moment));
    } else if (value instanceof OffsetDateTime moment) {
      return tag("$datetime", Temporals.write(moment));
    } else if (value instanceof ZonedDateTime moment) {
      return tag("$datetime", Temporals.write(moment));
    } else if (value instanceof Instant moment) {
      return tag("$datetime", Temporals.write(moment));
    } else if (value instanceof LocalDate date) {
      return tag("$date", Temporals.write(date));
    } else if (value instanceof LocalTime time) {
      return tag("$time", Temporals.write(time));
    } else if (value instanceof OffsetTime time) {
      return tag("$time", Temporals.write(time));
    } else if (value instanceof Duration duration) {
      return tag("$timedelta", Temporals.write(duration));
    }
    return null;
  }

  private static Map<String, Object> tag(String name, Object payload) {
    Map<String, Object> tagged = new LinkedHashMap<>(2);
    tagged.put(name, payload);
    return tagged;
  }

  private Object shared(Object value, String path) throws Formless {
    if (above.size() > MAX_DEPTH) {
      throw new Formless("$", value.getClass().getName(), "it is nested deeper than " + MAX_DEPTH);
    }
    String seen = above.putIfAbsent(value, path);
    if (seen != null) {
      return tag("$ref", seen);
    }
    try {
      return container(value, path);
    } finally {
      above.remove(value);
    }
  }

  private Object container(Object value, String path) throws Formless {
    if (value instanceof Optional<?> optional) {
      return write(optional.orElse(null), path);
    } else if (value instanceof OptionalInt optional) {
      return optional.isPresent() ? write(optional.getAsInt(), path) : null;
    } else if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? write(optional.getAsLong(), path) : null;
    } else if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? write(optional.getAsDouble(), path) : null;
    } else if (value instanceof Map<?, ?> map) {
      return map(map, path);
    } else if (value instanceof Set<?> set) {
      List<Object> items = new ArrayList<>();
      for (Object item : set) {
        items.add(write(item, path + "[*]"));
      }
      items.sort(Comparator.comparing(Json::write));
      return tag("$set", items);
    } else if (value instanceof Collection<?> items) {
      return items(items.iterator(), path, Integer.MAX_VALUE);
    } else if (value instanceof Iterator<?> items) {
      return items(items, path, maxItems);
    } else if (value instanceof BaseStream<?, ?> items) {
      return items(items.iterator(), path, maxItems);
    } else if (value.getClass().isArray()) {
      return array(value, path);
    } else if (value instanceof Map.Entry<?, ?> entry) {
      return items(Arrays.asList(entry.getKey(), entry.getValue()).iterator(), path, 2);
    }
    return object(value, path);
  }

  private List<Object> items(Iterator<?> items, String path, int atMost) throws Formless {
    List<Object> documents = new ArrayList<>();
    while (items.hasNext()) {
      if (documents.size() == atMost) {
        throw new Formless("it gives more than " + atMost + " items (max_items)");
      }
      documents.add(write(items.next(), path + "[" + documents.size() + "]"));
    }
    return documents;
  }

  private List<Object> array(Object array, String path) throws Formless {
    int length = Array.getLength(array);
    List<Object> documents = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      documents.add(write(Array.get(array, i), path + "[" + i + "]"));
    }
    return documents;
  }

  private Object map(Map<?, ?> map, String path) throws Formless {
    boolean plain =
        map.keySet().stream().allMatch(key -> key instanceof String s && !s.startsWith("$"));
    if (plain) {
      Map<String, Object> members = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String name = (String) entry.getKey();
        members.put(name, write(entry.getValue(), Paths.member(path, name)));
      }
      return members;
    }
    List<Object> pairs = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object key = write(entry.getKey(), path + "[*]");
      Object place = entry.getKey() instanceof String ? entry.getKey() : key;
      pairs.add(Arrays.asList(key, write(entry.getValue(), Converter.place(path, place))));
    }
    return tag("$dict", pairs);
  }

  // ------------------------------------------------------------ objects

  private Object object(Object value, String path) throws Formless {
    Class<?> type = value.getClass();
    Map<String, Object> fields = new LinkedHashMap<>();
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        fields.put(component.getName(), read(component.getAccessor(), value));
      }
    } else if (!Types.isLibrary(type)) {
      properties(value, type, fields);
    }
    if (fields.isEmpty() && !type.isRecord()) {
      if (value instanceof Iterable<?> items) {
        return items(items.iterator(), path, maxItems);
      }
      throw new Formless("it has no getters or public fields: project it in a java_expression");
    }
    Map<String, Object> documents = new LinkedHashMap<>();
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      String place = Paths.member(path, field.getKey());
      documents.put(field.getKey(), write(field.getValue(), place));
    }
    return tag("$object", List.of(type.getName(), documents));
  }

  private static void properties(Object value, Class<?> type, Map<String, Object> fields)
      throws Formless {
    if (value instanceof Iterable<?> && !(value instanceof Collection<?>)) {
      return;
    }
    Map<String, Method> getters = new TreeMap<>();
    for (Method method : type.getMethods()) {
      String name = property(method);
      if (name != null) {
        getters.putIfAbsent(name, method);
      }
    }
    for (Map.Entry<String, Method> getter : getters.entrySet()) {
      fields.put(getter.getKey(), read(getter.getValue(), value));
    }
    for (Field field : type.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        fields.putIfAbsent(field.getName(), read(field, value));
      }
    }
  }

  private static String property(Method method) {
    String name = method.getName();
    boolean plain =
        method.getParameterCount() == 0
            && !Modifier.isStatic(method.getModifiers())
            && !Types.isLibrary(method.getDeclaringClass());
    int prefix = name.startsWith("get") ? 3 : 2;
    boolean yes =
        method.getReturnType() == boolean.class || method.getReturnType() == Boolean.class;
    boolean named = name.startsWith("get") || name.startsWith("is") && yes;
    if (!plain || !named || name.length() == prefix || method.getReturnType() == void.class) {
      return null;
    }
    char first = name.charAt(prefix);
    boolean proper = Character.isUpperCase(first) || first == '_' || Character.isDigit(first);
    return proper ? Character.toLowerCase(first) + name.substring(prefix + 1) : null;
  }

  private static Object read(Method getter, Object value) throws Formless {
    try {
      getter.setAccessible(true);
      return getter.invoke(value);
    } catch (InvocationTargetException error) {
      throw new Formless(getter.getName() + " raised " + error.getCause());
    } catch (ReflectiveOperationException | RuntimeException error) {
      throw new Formless(getter.getName() + " cannot be read: " + error);
    }
  }

  private static Object read(Field field, Object value) throws Formless {
    try {
      field.setAccessible(true);
      return field.get(value);
    } catch (ReflectiveOperationException | RuntimeException error) {
      throw new Formless(field.getName() + " cannot be read: " + error);
    }
  }
}
