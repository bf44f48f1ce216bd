package parity.harness;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Values of one call from fixture form to declared Java types, by the type table and nothing else.
 */
final class Converter {
  private final Map<String, Map<String, String>> table;
  private final boolean camel;
  private final Map<String, Object> made = new HashMap<>();

  Converter(Map<String, Map<String, String>> table, boolean camel) {
    this.table = table;
    this.camel = camel;
  }

  /** The Java value of a document at {@code path}. */
  Object convert(Object document, Type type, String path) throws Refused {
    Form form = Form.of(document);
    if (form.kind().equals("ref")) {
      return again((String) form.payload(), type);
    }
    String row = Types.row(type);
    String rule = table.getOrDefault(row, Map.of()).get(form.kind());
    if (rule == null) {
      throw new Refused("a Python " + form.kind() + " is not taken by " + Types.shown(type));
    }
    return switch (rule) {
      case "null" -> null;
      case "empty" -> optional(null, Types.raw(type));
      case "its value" -> optional(convert(document, optionalType(type), path), Types.raw(type));
      case "in range" -> inRange((BigInteger) form.payload(), Types.raw(type));
      case "if exact" -> ifExact(form.payload(), Types.raw(type));
      case "scale 0" -> new BigDecimal((BigInteger) form.payload());
      case "finite" -> decimal((String) form.payload());
      case "smallest" -> smallest((BigInteger) form.payload());
      case "one char" -> oneChar((String) form.payload());
      case "by element" -> elements(form, type, row, path);
      case "by entry" -> entries(form, type, path);
      case "by field" -> byField(form, type, row, path);
      case "by name" -> constant((String) form.items().get(1), Types.raw(type));
      case "same", "its offset", "its instant" -> leaf(rule, form, type);
      default -> throw new Refused("the table names no rule " + rule);
    };
  }

  private Object again(String path, Type type) throws Refused {
    Object value = made.get(path);
    if (value == null) {
      throw new Refused.Unmade(path);
    }
    if (!Types.raw(type).isInstance(value)) {
      throw new Refused("it is the same object as " + path + ", which was given as another type");
    }
    return value;
  }

  /** Forgets what was made for the root {@code path}. */
  void forget(String path) {
    made.keySet().removeIf(place -> place.startsWith(path));
  }

  private static Object leaf(String rule, Form form, Type type) throws Refused {
    String text = form.payload() instanceof String string ? string : null;
    try {
      return switch (rule) {
        case "its offset" -> Temporals.offset(text);
        case "its instant" -> Temporals.instant(text);
        default -> same(form, text, type);
      };
    } catch (DateTimeException | IllegalArgumentException error) {
      throw new Refused(error.getMessage());
    }
  }

  private static Object same(Form form, String text, Type type) throws Refused {
    return switch (form.kind()) {
      case "bytes" -> bytes(Base64.getDecoder().decode(text), Types.raw(type));
      case "date" -> LocalDate.parse(text);
      case "time" -> Temporals.time(text);
      case "aware time" -> Temporals.offsetTime(text);
      case "datetime" -> Temporals.local(text);
      case "aware datetime" -> aware(text, Types.raw(type));
      case "timedelta" -> Temporals.duration(text);
      case "UUID" -> UUID.fromString(text);
      case "Decimal" -> decimal(text);
      default -> form.payload();
    };
  }

  private static Object aware(String text, Class<?> type) throws Refused {
    boolean plain = type == Object.class && text.indexOf('[') < 0;
    return plain ? Temporals.offset(text) : Temporals.zoned(text);
  }

  private static Object bytes(byte[] bytes, Class<?> type) {
    if (type == ByteBuffer.class) {
      return ByteBuffer.wrap(bytes);
    }
    return type.isAssignableFrom(byte[].class) ? bytes : new ByteArrayInputStream(bytes);
  }

  // ------------------------------------------------------------ numbers

  private static Object inRange(BigInteger number, Class<?> type) throws Refused {
    int bits =
        switch (type.getSimpleName()) {
          case "byte", "Byte" -> 8;
          case "short", "Short" -> 16;
          case "int", "Integer" -> 32;
          default -> 64;
        };
    if (number.bitLength() >= bits) {
      throw new Refused(number + " is out of the range of " + type.getSimpleName());
    }
    return switch (bits) {
      case 8 -> (Object) number.byteValue();
      case 16 -> number.shortValue();
      case 32 -> number.intValue();
      default -> number.longValue();
    };
  }

  private static Object ifExact(Object number, Class<?> type) throws Refused {
    boolean single = type == float.class || type == Float.class;
    double value = ((Number) number).doubleValue();
    boolean exact =
        number instanceof BigInteger whole
            ? !Double.isInfinite(value)
                && new BigDecimal(value).compareTo(new BigDecimal(whole)) == 0
            : true;
    if (single) {
      exact &= Double.isNaN(value) || (double) (float) value == value;
    }
    if (!exact) {
      throw new Refused(number + " has no exact " + type.getSimpleName());
    }
    return single ? (Object) (float) value : (Object) value;
  }

  private static BigDecimal decimal(String text) throws Refused {
    if (text.matches("-0(\\.0*)?([eE].*)?")) {
      throw new Refused("a BigDecimal has no negative zero");
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException error) {
      throw new Refused(text + " is no BigDecimal");
    }
  }

  private static Object smallest(BigInteger number) {
    return number.bitLength() < 32 ? (Object) number.intValue() : Json.narrowed(number);
  }

  private static Object oneChar(String text) throws Refused {
    if (text.length() != 1) {
      throw new Refused("a char holds one UTF-16 unit, not " + text.length());
    }
    return text.charAt(0);
  }

  // ------------------------------------------------------------ containers

  private static Type optionalType(Type type) {
    Class<?> raw = Types.raw(type);
    if (raw == OptionalInt.class) {
      return int.class;
    } else if (raw == OptionalLong.class) {
      return long.class;
    }
    return raw == OptionalDouble.class ? double.class : Types.argument(type, 0);
  }

  private static Object optional(Object value, Class<?> type) {
    if (type == OptionalInt.class) {
      return value == null ? OptionalInt.empty() : OptionalInt.of((Integer) value);
    } else if (type == OptionalLong.class) {
      return value == null ? OptionalLong.empty() : OptionalLong.of((Long) value);
    } else if (type == OptionalDouble.class) {
      return value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
    }
    return Optional.ofNullable(value);
  }

  private Object elements(Form form, Type type, String row, String path) throws Refused {
    boolean bag = form.kind().endsWith("set");
    if (row.equals("array")) {
      return array(form.items(), type, path);
    }
    Type element = row.equals("Stream") ? streamed(type) : Types.argument(type, 0);
    Collection<Object> target = collection(Types.raw(type), bag);
    made.put(path, target);
    int index = 0;
    for (Object item : form.items()) {
      Object value = convert(item, element, path + (bag ? "[*]" : "[" + index + "]"));
      add(target, value);
      index++;
    }
    return switch (row) {
      case "Iterator" -> target.iterator();
      case "Stream" -> stream(target, Types.raw(type));
      default -> target;
    };
  }

  private static void add(Collection<Object> target, Object value) throws Refused {
    try {
      target.add(value);
    } catch (NullPointerException | ClassCastException | UnsupportedOperationException error) {
      throw new Refused(target.getClass().getName() + " does not take the element " + value);
    }
  }

  private static Type streamed(Type type) {
    Class<?> raw = Types.raw(type);
    if (raw == IntStream.class) {
      return Integer.class;
    } else if (raw == LongStream.class) {
      return Long.class;
    }
    return raw == DoubleStream.class ? Double.class : Types.argument(type, 0);
  }

  private static Object stream(Collection<Object> items, Class<?> type) {
    if (type == IntStream.class) {
      return items.stream().mapToInt(item -> (Integer) item);
    } else if (type == LongStream.class) {
      return items.stream().mapToLong(item -> (Long) item);
    }
    return type == DoubleStream.class
        ? items.stream().mapToDouble(item -> (Double) item)
        : items.stream();
  }

  private Object array(List<Object> items, Type type, String path) throws Refused {
    Type component = Types.component(type);
    Object array = Array.newInstance(Types.raw(component), items.size());
    made.put(path, array);
    for (int i = 0; i < items.size(); i++) {
      Array.set(array, i, convert(items.get(i), component, path + "[" + i + "]"));
    }
    return array;
  }

  @SuppressWarnings("unchecked")
  private static Collection<Object> collection(Class<?> type, boolean bag) throws Refused {
    List<Class<?>> candidates =
        bag
            ? List.of(LinkedHashSet.class, TreeSet.class)
            : List.of(ArrayList.class, LinkedList.class, ArrayDeque.class);
    Class<?> open = isOpen(type) ? null : type;
    boolean lazy = !Iterable.class.isAssignableFrom(type);
    for (Class<?> candidate : candidates) {
      if (open == null && (lazy || type.isAssignableFrom(candidate))) {
        open = candidate;
      }
    }
    return (Collection<Object>) instance(open, type);
  }

  /** Whether a declared type leaves open which class to make. */
  private static boolean isOpen(Class<?> type) {
    return type == Object.class || type.isInterface() || Modifier.isAbstract(type.getModifiers());
  }

  private static Object instance(Class<?> type, Class<?> declared) throws Refused {
    try {
      if (type == null) {
        throw new NoSuchMethodException();
      }
      Constructor<?> constructor = type.getDeclaredConstructor();
      if (!Types.isLibrary(type)) {
        constructor.setAccessible(true);
      }
      return constructor.newInstance();
    } catch (ReflectiveOperationException error) {
      throw new Refused(
          "no " + Types.shown(declared) + " can be made: it has no plain constructor");
    }
  }

  @SuppressWarnings("unchecked")
  private Object entries(Form form, Type type, String path) throws Refused {
    Class<?> raw = Types.raw(type);
    Class<?> open = isOpen(raw) ? null : raw;
    for (Class<?> candidate :
        List.of(LinkedHashMap.class, TreeMap.class, ConcurrentHashMap.class)) {
      if (open == null && raw.isAssignableFrom(candidate)) {
        open = candidate;
      }
    }
    Map<Object, Object> target = (Map<Object, Object>) instance(open, raw);
    made.put(path, target);
    for (List<Object> entry : form.entries()) {
      Object key = convert(entry.get(0), Types.argument(type, 0), path + "[*]");
      Object value = convert(entry.get(1), Types.argument(type, 1), place(path, entry.get(0)));
      try {
        target.put(key, value);
      } catch (NullPointerException | ClassCastException error) {
        throw new Refused(raw.getSimpleName() + " does not take the entry " + key + ", " + value);
      }
    }
    return target;
  }

  /** The path of a member, as the fixture's references write it. */
  static String place(String path, Object key) {
    return key instanceof String name
        ? Paths.member(path, name)
        : path + "[" + Json.write(key) + "]";
  }

  // ------------------------------------------------------------ objects

  private Object byField(Form form, Type type, String row, String path) throws Refused {
    if (row.equals("Map")) {
      List<List<Object>> entries = new ArrayList<>();
      form.fields().forEach((name, value) -> entries.add(Arrays.asList(name, value)));
      return entries(new Form("dict", entries), type, path);
    }
    Class<?> raw = Types.raw(type);
    if (row.equals("record")) {
      return record(form.fields(), raw, path);
    }
    Optional<Constructor<?>> full = Types.fieldConstructor(raw);
    boolean plain =
        Arrays.stream(raw.getDeclaredConstructors()).anyMatch(one -> one.getParameterCount() == 0);
    if (!plain && full.isPresent()) {
      List<Field> fields = Types.instanceFields(raw);
      return constructed(
          full.get(),
          fields.stream().map(Field::getName).toList(),
          fields.stream().map(Field::getGenericType).toList(),
          form.fields(),
          path);
    }
    return bean(form.fields(), raw, path);
  }

  private Object record(Map<String, Object> fields, Class<?> raw, String path) throws Refused {
    RecordComponent[] components = raw.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
    try {
      return constructed(
          raw.getDeclaredConstructor(types),
          Arrays.stream(components).map(RecordComponent::getName).toList(),
          Arrays.stream(components).map(RecordComponent::getGenericType).toList(),
          fields,
          path);
    } catch (NoSuchMethodException error) {
      throw new Refused(raw.getName() + " has no canonical constructor");
    }
  }

  private Object constructed(
      Constructor<?> constructor,
      List<String> names,
      List<Type> types,
      Map<String, Object> fields,
      String path)
      throws Refused {
    Map<String, Object> left = renamed(fields, names);
    Object[] values = new Object[names.size()];
    for (int i = 0; i < values.length; i++) {
      String name = names.get(i);
      if (!left.containsKey(name)) {
        throw new Refused("there is no `" + name + "` for " + constructor.getName());
      }
      values[i] = convert(left.remove(name), types.get(i), Paths.member(path, name));
    }
    refuseSurplus(left, constructor.getDeclaringClass());
    try {
      constructor.setAccessible(true);
      Object object = constructor.newInstance(values);
      made.put(path, object);
      return object;
    } catch (ReflectiveOperationException error) {
      throw new Refused(constructor.getName() + " cannot be made: " + rootOf(error));
    }
  }

  private Object bean(Map<String, Object> fields, Class<?> raw, String path) throws Refused {
    Object bean = instance(raw, raw);
    made.put(path, bean);
    Map<String, Object> left = renamed(fields, settable(raw));
    List<String> missing = new ArrayList<>(Types.required(raw));
    missing.removeAll(left.keySet());
    if (!missing.isEmpty()) {
      throw new Refused("there is no " + String.join(", ", missing) + " for " + raw.getName());
    }
    for (String name : List.copyOf(left.keySet())) {
      set(bean, name, left.get(name), path);
    }
    return bean;
  }

  private void set(Object bean, String name, Object document, String path) throws Refused {
    String place = Paths.member(path, name);
    String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    try {
      for (Method method : bean.getClass().getMethods()) {
        if (method.getName().equals(setter) && method.getParameterCount() == 1) {
          method.setAccessible(true);
          method.invoke(bean, convert(document, method.getGenericParameterTypes()[0], place));
          return;
        }
      }
      Field field = field(bean.getClass(), name);
      field.setAccessible(true);
      field.set(bean, convert(document, field.getGenericType(), place));
    } catch (NoSuchFieldException error) {
      throw new Refused(bean.getClass().getName() + " has no `" + name + "`");
    } catch (ReflectiveOperationException error) {
      throw new Refused("`" + name + "` cannot be set: " + rootOf(error));
    }
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      for (Field field : Types.instanceFields(at)) {
        if (field.getName().equals(name)) {
          return field;
        }
      }
    }
    throw new NoSuchFieldException(name);
  }

  private static List<String> settable(Class<?> type) {
    List<String> names = new ArrayList<>();
    for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      Types.instanceFields(at).forEach(field -> names.add(field.getName()));
    }
    return names;
  }

  private Map<String, Object> renamed(Map<String, Object> fields, List<String> names) {
    Map<String, Object> renamed = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          String camelled = camel && !names.contains(name) ? Paths.camel(name) : name;
          renamed.put(camelled, value);
        });
    return renamed;
  }

  private static void refuseSurplus(Map<String, Object> left, Class<?> type) throws Refused {
    if (!left.isEmpty()) {
      throw new Refused(type.getName() + " has no " + String.join(", ", left.keySet()));
    }
  }

  private static Object constant(String name, Class<?> type) throws Refused {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new Refused(type.getName() + " has no constant " + name);
  }

  private static String rootOf(ReflectiveOperationException error) {
    return error.getCause() == null ? error.toString() : error.getCause().toString();
  }
}
