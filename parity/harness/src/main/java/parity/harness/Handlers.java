package parity.harness;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lambda handlers, called as Lambda calls them: JSON in and out through AWS's own serializer. */
final class Handlers {
  private static final String RUNTIME = "com.amazonaws.services.lambda.runtime.";
  private static final String HANDLER = RUNTIME + "RequestHandler";
  private static final String STREAM_HANDLER = RUNTIME + "RequestStreamHandler";

  private Handlers() {}

  static boolean isHandler(Class<?> type) {
    return implemented(type, HANDLER) != null || implemented(type, STREAM_HANDLER) != null;
  }

  /** The user's interface of that name, which a class implements, or null. */
  private static Class<?> implemented(Class<?> type, String name) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> face : at.getInterfaces()) {
        Class<?> found = face.getName().equals(name) ? face : implemented(face, name);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** The handler as a subject that takes the event's bytes and gives the answer's. */
  static Subject subject(Class<?> owner, Subject.Maker given, String source, Ports ports)
      throws Problem {
    Subject.Maker handing = given != null || ports == null ? given : ports.maker(owner);
    Object handler = instance(owner, handing);
    boolean plain = implemented(owner, HANDLER) != null;
    Class<?> face = implemented(owner, plain ? HANDLER : STREAM_HANDLER);
    Method handle = face.getMethods()[0];
    Class<?>[] parameters = handle.getParameterTypes();
    Object context = context(parameters[parameters.length - 1]);
    handle.setAccessible(true);
    Subject.Invocation invocation =
        plain ? pojo(handler, handle, owner, face, context) : stream(handler, handle, context);
    Subject.Kind kind = plain ? Subject.Kind.HANDLER : Subject.Kind.STREAM_HANDLER;
    return new Subject(
        kind,
        owner,
        List.of("event"),
        List.of(String.class),
        false,
        false,
        invocation,
        null,
        false,
        source,
        handle,
        ports);
  }

  private static Object instance(Class<?> owner, Subject.Maker given) throws Problem {
    try {
      if (given != null) {
        return given.make();
      }
      Constructor<?> constructor = owner.getConstructor();
      if (Modifier.isAbstract(owner.getModifiers())) {
        throw new NoSuchMethodException("it is abstract");
      }
      constructor.setAccessible(true);
      return Loader.construct(constructor);
    } catch (NoSuchMethodException none) {
      throw new Problem(
          "handler_has_no_constructor",
          "the handler `" + owner.getName() + "` cannot be made",
          "Lambda makes it by a public constructor without arguments, and it has none",
          "add one, or say how to make it: receiver = \"new …\"");
    } catch (Throwable error) {
      throw new Problem(
          "handler_constructor_failed",
          "the handler `" + owner.getName() + "` cannot be made",
          "its constructor raised " + error,
          "mend the constructor, or say how to make it: receiver = \"new …\"");
    }
  }

  private static Subject.Invocation stream(Object handler, Method handle, Object context) {
    return (receiver, arguments) -> {
      InputStream in = new ByteArrayInputStream(bytes(arguments));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Loader.invoke(handle, handler, in, out, context);
      return out.toByteArray();
    };
  }

  private static Subject.Invocation pojo(
      Object handler, Method handle, Class<?> owner, Class<?> face, Object context) {
    Type[] types = arguments(owner, face);
    PojoSerializer<Object> reader = serializer(types[0]);
    PojoSerializer<Object> writer = serializer(types[1]);
    return (receiver, arguments) -> {
      Object event = reader.fromJson(new ByteArrayInputStream(bytes(arguments)));
      Object answer = Loader.invoke(handle, handler, event, context);
      OutputStream out = new ByteArrayOutputStream();
      writer.toJson(answer, out);
      return ((ByteArrayOutputStream) out).toByteArray();
    };
  }

  private static byte[] bytes(Object[] arguments) {
    return ((String) arguments[0]).getBytes(StandardCharsets.UTF_8);
  }

  // As AWS's runtime chooses it.
  @SuppressWarnings("unchecked")
  private static PojoSerializer<Object> serializer(Type type) {
    if (type instanceof Class<?> known
        && LambdaEventSerializers.isLambdaSupportedEvent(known.getName())) {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      return LambdaEventSerializers.serializerFor((Class<Object>) known, loader);
    }
    // A copy: the one that all share would keep the classes of every batch.
    JacksonFactory factory = JacksonFactory.getInstance().withNamingStrategy(null);
    factory.getMapper().getTypeFactory().clearCache();
    return factory.getSerializer(type);
  }

  /** The types that a class gives to the type parameters of an interface above it. */
  private static Type[] arguments(Class<?> owner, Class<?> face) {
    Type[] found = find(owner, face, new HashMap<>());
    return found != null && found.length == 2 ? found : new Type[] {Object.class, Object.class};
  }

  private static Type[] find(Type type, Class<?> face, Map<TypeVariable<?>, Type> bound) {
    if (type == null) {
      return null;
    }
    Class<?> raw = Types.raw(type);
    if (type instanceof ParameterizedType parameterized) {
      Type[] given = parameterized.getActualTypeArguments();
      for (int i = 0; i < given.length; i++) {
        bound.put(raw.getTypeParameters()[i], bound.getOrDefault(given[i], given[i]));
      }
    }
    if (raw == face) {
      return Arrays.stream(raw.getTypeParameters())
          .map(variable -> bound.getOrDefault(variable, Object.class))
          .map(one -> one instanceof TypeVariable<?> ? Types.raw(one) : one)
          .toArray(Type[]::new);
    }
    for (Type above : raw.getGenericInterfaces()) {
      Type[] found = find(above, face, bound);
      if (found != null) {
        return found;
      }
    }
    return find(raw.getGenericSuperclass(), face, bound);
  }

  // ------------------------------------------------------------ context

  private static final Map<String, Object> VALUES =
      Map.of(
          "getAwsRequestId", "00000000-0000-4000-8000-000000000000",
          "getLogGroupName", "/aws/lambda/parity",
          "getLogStreamName", "parity",
          "getFunctionName", "parity",
          "getFunctionVersion", "$LATEST",
          "getInvokedFunctionArn", "arn:aws:lambda:us-east-1:000000000000:function:parity",
          "getRemainingTimeInMillis", 300_000,
          "getMemoryLimitInMB", 512);

  private static Object context(Class<?> face) {
    return Proxy.newProxyInstance(
        face.getClassLoader(),
        new Class<?>[] {face},
        (proxy, method, arguments) -> {
          if (method.getName().equals("getLogger")) {
            return logger(method.getReturnType());
          }
          return ofObject(proxy, method, arguments, VALUES.get(method.getName()));
        });
  }

  private static Object logger(Class<?> face) {
    return Proxy.newProxyInstance(
        face.getClassLoader(),
        new Class<?>[] {face},
        (proxy, method, arguments) -> {
          if (method.getName().equals("log")) {
            boolean bytes = arguments[0] instanceof byte[];
            System.out.print(bytes ? new String((byte[]) arguments[0]) : arguments[0]);
          }
          return ofObject(proxy, method, arguments, null);
        });
  }

  private static Object ofObject(Object proxy, Method method, Object[] arguments, Object value) {
    return switch (method.getName()) {
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      case "toString" -> "parity";
      default -> value;
    };
  }
}
