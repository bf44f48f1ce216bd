package parity.world;

import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Requests and responses of the AWS SDK as plain maps and back, by the fields that they say they
 * have: both SDKs are made from one model, so the names of members are those of boto3.
 */
final class AwsShapes {
  private static final String CORE = "software.amazon.awssdk.core.";
  private static final String TRAITS = CORE + "traits.";
  private final ClassLoader loader;
  private final Class<?> pojo;
  private final Class<?> field;
  private final Class<?> bytes;

  AwsShapes(ClassLoader loader) {
    this.loader = loader;
    this.pojo = known(CORE + "SdkPojo");
    this.field = known(CORE + "SdkField");
    this.bytes = known(CORE + "SdkBytes");
  }

  private Class<?> known(String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException absent) {
      throw new IllegalStateException("the AWS SDK has no " + name, absent);
    }
  }

  private List<?> fields(Object value) {
    return (List<?>) Aws.invoke(pojo, value, "sdkFields", List.of());
  }

  private Object of(Object one, String getter) {
    return Aws.invoke(field, one, getter, List.of());
  }

  // ------------------------------------------------------------ from the SDK

  /** The members of a request that were set, by the names of the service's model. */
  Map<String, Object> told(Object value) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (Object one : fields(value)) {
      Object held = Aws.invoke(field, one, "getValueOrDefault", List.of(value));
      if (held != null && !held.getClass().getSimpleName().startsWith("DefaultSdkAutoConstruct")) {
        members.put((String) of(one, "memberName"), plain(held));
      }
    }
    return members;
  }

  /** What a body holds: text where the bytes are UTF-8. */
  static Object content(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException other) {
      return bytes;
    }
  }

  private Object plain(Object value) {
    if (pojo.isInstance(value)) {
      return told(value);
    } else if (bytes.isInstance(value)) {
      return content((byte[]) Aws.invoke(bytes, value, "asByteArray", List.of()));
    } else if (value instanceof Instant instant) {
      return instant.atOffset(java.time.ZoneOffset.UTC);
    } else if (value instanceof List<?> items) {
      List<Object> made = new ArrayList<>();
      items.forEach(item -> made.add(plain(item)));
      return made;
    } else if (value instanceof Map<?, ?> entries) {
      Map<String, Object> made = new LinkedHashMap<>();
      entries.forEach((name, one) -> made.put(String.valueOf(name), plain(one)));
      return made;
    } else if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue();
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    return value instanceof Enum<?> ? value.toString() : value;
  }

  // ------------------------------------------------------------ to the SDK

  /** Sets the members that an answer has and the SDK knows. */
  void fill(Object builder, Map<?, ?> answer) {
    for (Object one : fields(builder)) {
      Object given = answer.get(of(one, "memberName"));
      if (given != null) {
        try {
          field
              .getMethod("set", Object.class, Object.class)
              .invoke(one, builder, made(one, given));
        } catch (InvocationTargetException error) {
          throw Aws.<RuntimeException>unchecked(error.getCause());
        } catch (ReflectiveOperationException error) {
          throw new IllegalStateException(error);
        }
      }
    }
  }

  private Object made(Object one, Object given) {
    Class<?> type =
        (Class<?>)
            Aws.invoke(
                of(one, "marshallingType"), CORE + "protocol.MarshallingType", "getTargetClass");
    if (type == List.class) {
      Object inner = inner(one, "ListTrait", "memberFieldInfo");
      List<Object> items = new ArrayList<>();
      ((List<?>) given).forEach(item -> items.add(item == null ? null : made(inner, item)));
      return items;
    } else if (type == Map.class) {
      Object inner = inner(one, "MapTrait", "valueFieldInfo");
      Map<String, Object> entries = new LinkedHashMap<>();
      ((Map<?, ?>) given)
          .forEach((name, item) -> entries.put((String) name, item == null ? null : made(inner, item)));
      return entries;
    } else if (pojo.isAssignableFrom(type)) {
      Object builder = ((Supplier<?>) of(one, "constructor")).get();
      fill(builder, (Map<?, ?>) given);
      return built(builder);
    }
    return scalar(type, given);
  }

  private Object inner(Object one, String trait, String getter) {
    Object found = Aws.invoke(field, one, "getTrait", List.of(known(TRAITS + trait)));
    Object held = found instanceof Optional<?> maybe ? maybe.orElse(null) : found;
    return Aws.invoke(known(TRAITS + trait), held, getter, List.of());
  }

  private Object scalar(Class<?> type, Object given) {
    if (type == bytes) {
      byte[] content =
          given instanceof byte[] known ? known : given.toString().getBytes(StandardCharsets.UTF_8);
      return Aws.invokeBytes(bytes, content);
    } else if (type == Instant.class) {
      return given instanceof OffsetDateTime moment
          ? moment.toInstant()
          : World.instant(given.toString().replace(' ', 'T'));
    } else if (given instanceof Number number) {
      return number(type, number);
    }
    return type == String.class ? given.toString() : given;
  }

  private static Object number(Class<?> type, Number number) {
    if (type == Integer.class) {
      return Math.toIntExact(number.longValue());
    } else if (type == Long.class) {
      return number.longValue();
    } else if (type == Double.class) {
      return number.doubleValue();
    } else if (type == Float.class) {
      return number.floatValue();
    } else if (type == Short.class) {
      return number.shortValue();
    } else if (type == BigDecimal.class) {
      return new BigDecimal(number.toString());
    }
    return type == String.class ? number.toString() : number;
  }

  /** What a builder builds. */
  Object built(Object builder) {
    return Aws.invoke(
        known("software.amazon.awssdk.utils.builder.Buildable"), builder, "build", List.of());
  }
}
