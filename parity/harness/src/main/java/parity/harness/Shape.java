package parity.harness;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
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
import java.util.stream.Stream;

/** How values of one class are written: worked out once for each class. */
final class Shape {
  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(type);
        }
      };

  /** The end of a record: its components have an order, which the properties of a bean have not. */
  private static final String RECORD = "},\"record\"]}";

  /** What a class is written as; the leaves come first. */
  enum As {
    WHOLE,
    BIG,
    FLOATING,
    DECIMAL,
    TEXT,
    BYTES,
    BUFFER,
    UUID,
    ENUM,
    LOCAL,
    OFFSET,
    ZONED,
    INSTANT,
    DATE,
    TIME,
    OFFSET_TIME,
    DURATION,
    OPTIONAL,
    OPTIONAL_INT,
    OPTIONAL_LONG,
    OPTIONAL_DOUBLE,
    MAP,
    SET,
    COLLECTION,
    ITERATOR,
    STREAM,
    ARRAY,
    ENTRY,
    OBJECT,
    ITERABLE,
    TREE,
    NOTHING
  }

  private final As as;
  private final boolean leaf;
  private final boolean foreign;
  private final List<Property> properties;
  private final byte[] head;
  private final String tail;

  private Shape(Class<?> type) {
    As scalar = scalar(type);
    As found = scalar != null ? scalar : container(type);
    properties = found == As.OBJECT ? properties(type) : List.of();
    boolean bare = found == As.OBJECT && properties.isEmpty() && !type.isRecord();
    if (bare) {
      found = !Iterable.class.isAssignableFrom(type) ? As.NOTHING : iterable(type);
    }
    as = found;
    leaf = as.compareTo(As.OPTIONAL) < 0;
    foreign = as == As.ITERATOR || as == As.STREAM || !type.isArray() && !Types.isLibrary(type);
    head = new Text().add("{\"$object\":[").quote(type.getName()).add(",{").copied();
    tail = type.isRecord() ? RECORD : "}]}";
  }

  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }

  As as() {
    return as;
  }

  /** Whether it has no parts. */
  boolean isLeaf() {
    return leaf;
  }

  /** Whether writing it runs code of the subject. */
  boolean isForeign() {
    return foreign;
  }

  /** What an object of the class starts with. */
  byte[] head() {
    return head;
  }

  /** What an object of the class ends with. */
  String tail() {
    return tail;
  }

  List<Property> properties() {
    return properties;
  }

  private static As scalar(Class<?> type) {
    if (Number.class.isAssignableFrom(type)) {
      return number(type);
    } else if (CharSequence.class.isAssignableFrom(type) || type == Character.class) {
      return As.TEXT;
    } else if (type == byte[].class) {
      return As.BYTES;
    } else if (ByteBuffer.class.isAssignableFrom(type)) {
      return As.BUFFER;
    } else if (type == UUID.class) {
      return As.UUID;
    } else if (Enum.class.isAssignableFrom(type)) {
      return As.ENUM;
    }
    return time(type);
  }

  private static As number(Class<?> type) {
    if (type == Long.class
        || type == Integer.class
        || type == Short.class
        || type == Byte.class
        || AtomicInteger.class.isAssignableFrom(type)
        || AtomicLong.class.isAssignableFrom(type)) {
      return As.WHOLE;
    } else if (type == Double.class || type == Float.class) {
      return As.FLOATING;
    } else if (BigInteger.class.isAssignableFrom(type)) {
      return As.BIG;
    }
    return BigDecimal.class.isAssignableFrom(type) ? As.DECIMAL : null;
  }

  private static As time(Class<?> type) {
    if (type == LocalDateTime.class) {
      return As.LOCAL;
    } else if (type == OffsetDateTime.class) {
      return As.OFFSET;
    } else if (type == ZonedDateTime.class) {
      return As.ZONED;
    } else if (type == Instant.class) {
      return As.INSTANT;
    } else if (type == LocalDate.class) {
      return As.DATE;
    } else if (type == LocalTime.class) {
      return As.TIME;
    } else if (type == OffsetTime.class) {
      return As.OFFSET_TIME;
    }
    return type == Duration.class ? As.DURATION : null;
  }

  private static As container(Class<?> type) {
    if (type == Optional.class) {
      return As.OPTIONAL;
    } else if (type == OptionalInt.class) {
      return As.OPTIONAL_INT;
    } else if (type == OptionalLong.class) {
      return As.OPTIONAL_LONG;
    } else if (type == OptionalDouble.class) {
      return As.OPTIONAL_DOUBLE;
    } else if (Map.class.isAssignableFrom(type)) {
      return As.MAP;
    } else if (Set.class.isAssignableFrom(type)) {
      return As.SET;
    } else if (Collection.class.isAssignableFrom(type)) {
      return As.COLLECTION;
    } else if (Iterator.class.isAssignableFrom(type)) {
      return As.ITERATOR;
    } else if (BaseStream.class.isAssignableFrom(type)) {
      return As.STREAM;
    } else if (type.isArray()) {
      return As.ARRAY;
    }
    return Map.Entry.class.isAssignableFrom(type) ? As.ENTRY : As.OBJECT;
  }

  /**
   * A path gives paths, a JSON tree gives trees: down to the last of them there are items only, and
   * never what they hold.
   */
  private static As iterable(Class<?> type) {
    return ofItsOwnKind(type, type) ? As.TREE : As.ITERABLE;
  }

  private static boolean ofItsOwnKind(Class<?> type, Class<?> declared) {
    for (Type one : declared.getGenericInterfaces()) {
      if (one instanceof ParameterizedType given && given.getRawType() == Iterable.class) {
        Type item = given.getActualTypeArguments()[0];
        return item instanceof Class<?> kind && kind != Object.class && kind.isAssignableFrom(type);
      }
    }
    Stream<Class<?>> above =
        Stream.concat(
            Stream.ofNullable(declared.getSuperclass()), Stream.of(declared.getInterfaces()));
    return above.anyMatch(one -> ofItsOwnKind(type, one));
  }

  // ------------------------------------------------------------ objects

  private static List<Property> properties(Class<?> type) {
    List<Property> properties = new ArrayList<>();
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        properties.add(new Property(component.getName(), component.getAccessor()));
      }
    } else if (!Types.isLibrary(type) && !Iterable.class.isAssignableFrom(type)) {
      getters(type).forEach((name, getter) -> properties.add(new Property(name, getter)));
      List<String> names = properties.stream().map(Property::name).toList();
      for (Field field : type.getFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !names.contains(field.getName())) {
          properties.add(new Property(field.getName(), field));
        }
      }
    }
    return List.copyOf(properties);
  }

  private static Map<String, Method> getters(Class<?> type) {
    Map<String, Method> getters = new TreeMap<>();
    Method[] methods = type.getMethods();
    Arrays.sort(methods, Comparator.comparing(Method::getName)); // the JVM gives them in any order
    for (Method method : methods) {
      String name = property(method);
      if (name != null) {
        getters.putIfAbsent(name, method);
      }
    }
    return getters;
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

  /** One field of an object, and how it is read. */
  static final class Property {
    private final String name;
    private final Member member;
    private final byte[] label;
    private RuntimeException closed;

    Property(String name, Member member) {
      this.name = name;
      this.member = member;
      this.label = new Text().quote(name).add(':').copied();
      try {
        ((java.lang.reflect.AccessibleObject) member).setAccessible(true);
      } catch (RuntimeException error) {
        closed = error;
      }
    }

    String name() {
      return name;
    }

    /** The name as it is written. */
    byte[] label() {
      return label;
    }

    /** The field of a value. */
    Object of(Object value) throws Formless {
      if (closed != null) {
        throw new Formless(member.getName() + " cannot be read: " + closed);
      }
      try {
        return member instanceof Method getter ? getter.invoke(value) : ((Field) member).get(value);
      } catch (InvocationTargetException error) {
        throw new Formless(
            member.getName()
                + " raised "
                + error.getCause()
                + ": project what it can tell in a java_expression");
      } catch (ReflectiveOperationException | RuntimeException error) {
        throw new Formless(member.getName() + " cannot be read: " + error);
      }
    }
  }
}
