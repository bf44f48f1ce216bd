package parity.harness;

import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.stream.BaseStream;

/** Which row of the type table a declared Java type is. */
final class Types {
  private static final Set<Class<?>> BY_NAME =
      Set.of(
          Boolean.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          BigInteger.class,
          Float.class,
          Double.class,
          BigDecimal.class,
          Number.class,
          Character.class,
          String.class,
          CharSequence.class,
          ByteBuffer.class,
          InputStream.class,
          LocalDate.class,
          LocalTime.class,
          OffsetTime.class,
          LocalDateTime.class,
          OffsetDateTime.class,
          ZonedDateTime.class,
          Instant.class,
          Duration.class,
          UUID.class);
  private static final Set<Class<?>> OPTIONALS =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);
  private static final Set<String> ANYTHING =
      Set.of("java.lang.Object", "java.lang.Comparable", "java.io.Serializable");
  private static final List<String> LIBRARIES =
      List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "scala.", "parity.world.");

  private Types() {}

  /** The name of the row. */
  static String row(Type type) {
    Class<?> raw = raw(type);
    if (raw.isPrimitive() || BY_NAME.contains(raw)) {
      return raw.getSimpleName();
    } else if (raw.isArray()) {
      return raw == byte[].class ? "byte[]" : "array";
    } else if (OPTIONALS.contains(raw)) {
      return "Optional";
    } else if (Set.class.isAssignableFrom(raw)) {
      return "Set";
    } else if (List.class.isAssignableFrom(raw) || Queue.class.isAssignableFrom(raw)) {
      return "List";
    } else if (raw == Iterable.class || Collection.class.isAssignableFrom(raw)) {
      return "Collection";
    } else if (Map.class.isAssignableFrom(raw)) {
      return "Map";
    } else if (raw == Map.Entry.class) {
      return "Map.Entry";
    } else if (raw == Iterator.class) {
      return "Iterator";
    } else if (BaseStream.class.isAssignableFrom(raw)) {
      return "Stream";
    } else if (ANYTHING.contains(raw.getName())) {
      return "Object";
    }
    return ofTheProject(raw);
  }

  private static String ofTheProject(Class<?> raw) {
    if (raw.isEnum()) {
      return "enum";
    } else if (raw.isRecord()) {
      return "record";
    }
    boolean bean =
        !isLibrary(raw) && !raw.isInterface() && !Modifier.isAbstract(raw.getModifiers());
    return bean ? "bean" : "other";
  }

  /**
   * What a bean has to be given: what has a setter or is public; where nothing has or is, its whole
   * state. The rest is its own affair.
   */
  static List<String> required(Class<?> type) {
    List<String> open = new ArrayList<>();
    List<String> state = new ArrayList<>();
    for (Class<?> at = type; at != null && !isLibrary(at); at = at.getSuperclass()) {
      for (Field field : instanceFields(at)) {
        int modifiers = field.getModifiers();
        if (Modifier.isFinal(modifiers) || Modifier.isTransient(modifiers)) {
          continue;
        }
        state.add(field.getName());
        if (Modifier.isPublic(modifiers) || hasSetter(type, field.getName())) {
          open.add(field.getName());
        }
      }
    }
    return open.isEmpty() ? state : open;
  }

  private static boolean hasSetter(Class<?> type, String name) {
    String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    return Arrays.stream(type.getMethods())
        .anyMatch(m -> m.getName().equals(setter) && m.getParameterCount() == 1);
  }

  /** Whether a class comes with the language rather than with the project. */
  static boolean isLibrary(Class<?> type) {
    return isLibrary(type.getName());
  }

  static boolean isLibrary(String className) {
    return LIBRARIES.stream().anyMatch(className::startsWith);
  }

  /** The class of a type, type variables and wildcards by their bound. */
  static Class<?> raw(Type type) {
    if (type instanceof Class<?> known) {
      return known;
    } else if (type instanceof ParameterizedType parameterized) {
      return (Class<?>) parameterized.getRawType();
    } else if (type instanceof GenericArrayType array) {
      return raw(array.getGenericComponentType()).arrayType();
    } else if (type instanceof WildcardType wildcard) {
      return raw(wildcard.getUpperBounds()[0]);
    } else if (type instanceof TypeVariable<?> variable) {
      return raw(variable.getBounds()[0]);
    }
    return Object.class;
  }

  /** A type argument, or Object where the type is raw. */
  static Type argument(Type type, int index) {
    if (type instanceof WildcardType wildcard) {
      return argument(wildcard.getUpperBounds()[0], index);
    }
    if (type instanceof ParameterizedType parameterized) {
      Type[] arguments = parameterized.getActualTypeArguments();
      return index < arguments.length ? arguments[index] : Object.class;
    }
    return Object.class;
  }

  /** The element type of an array. */
  static Type component(Type type) {
    return type instanceof GenericArrayType array
        ? array.getGenericComponentType()
        : raw(type).getComponentType();
  }

  /** The fields of an object that its only full constructor takes in their order, if it has one. */
  static Optional<Constructor<?>> fieldConstructor(Class<?> type) {
    Class<?>[] fields = instanceFields(type).stream().map(Field::getType).toArray(Class[]::new);
    return fields.length == 0
        ? Optional.empty()
        : Arrays.stream(type.getDeclaredConstructors())
            .filter(one -> Arrays.equals(one.getParameterTypes(), fields))
            .findFirst()
            .map(one -> (Constructor<?>) one);
  }

  /** The declared instance fields, in their order. */
  static List<Field> instanceFields(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
        .toList();
  }

  /** A type as its author wrote it. */
  static String shown(Type type) {
    return type.getTypeName().replace('$', '.');
  }
}
