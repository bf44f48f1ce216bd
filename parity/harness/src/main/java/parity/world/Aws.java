package parity.world;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Stands in for what every client of the AWS SDK for Java 2.x hands its operations to. The SDK is
 * the project's own: it is seen by reflection only.
 */
public final class Aws {
  private static final String HANDLERS = "software.amazon.awssdk.core.client.handler.";

  private Aws() {}

  public static Object execute(Object handler, Object parameters) {
    return Outside.has("aws")
        ? new AwsCall(parameters).answered()
        : real(HANDLERS + "SyncClientHandler", handler, parameters);
  }

  public static Object execute(Object handler, Object parameters, Object transformer) {
    return Outside.has("aws")
        ? new AwsCall(parameters).streamed(transformer)
        : real(HANDLERS + "SyncClientHandler", handler, parameters, transformer);
  }

  /** What nobody answers is done as ever. */
  static Object real(String type, Object handler, Object... arguments) {
    try {
      Class<?> kind = Class.forName(type, false, arguments[0].getClass().getClassLoader());
      for (Method method : kind.getMethods()) {
        if (method.getName().equals("execute")
            && method.getParameterCount() == arguments.length
            && (arguments.length < 2 || method.getParameterTypes()[1].isInstance(arguments[1]))) {
          return method.invoke(handler, arguments);
        }
      }
      throw new IllegalStateException(type + " has no execute");
    } catch (InvocationTargetException error) {
      throw Aws.<RuntimeException>unchecked(error.getCause());
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Calls a public method that takes one long. */
  static void invokeNumber(Object target, String type, String name, long argument) {
    try {
      Class.forName(type, false, target.getClass().getClassLoader())
          .getMethod(name, long.class)
          .invoke(target, argument);
    } catch (InvocationTargetException error) {
      throw Aws.<RuntimeException>unchecked(error.getCause());
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Calls a public method of a type of the SDK. */
  static Object invoke(Object target, String type, String name, Object... arguments) {
    try {
      Class<?> kind = Class.forName(type, false, target.getClass().getClassLoader());
      return invoke(kind, target, name, List.of(arguments));
    } catch (ClassNotFoundException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Calls a public method that the type declares or inherits, by its name and arguments. */
  static Object invoke(Class<?> type, Object target, String name, List<?> arguments) {
    try {
      for (Method method : type.getMethods()) {
        if (method.getName().equals(name)
            && method.getParameterCount() == arguments.size()
            && takes(method, arguments)) {
          return method.invoke(target, arguments.toArray());
        }
      }
      throw new IllegalStateException(type.getName() + " has no " + name);
    } catch (InvocationTargetException error) {
      throw Aws.<RuntimeException>unchecked(error.getCause());
    } catch (IllegalAccessException error) {
      throw new IllegalStateException(error);
    }
  }

  /** The SDK's bytes of an array. */
  static Object invokeBytes(Class<?> type, byte[] content) {
    try {
      return type.getMethod("fromByteArray", byte[].class).invoke(null, content);
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
  }

  private static boolean takes(Method method, List<?> arguments) {
    Class<?>[] types = method.getParameterTypes();
    for (int i = 0; i < types.length; i++) {
      boolean whole = types[i] == int.class && arguments.get(i) instanceof Integer;
      if (!whole && !types[i].isInstance(arguments.get(i))) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("unchecked")
  static <E extends Throwable> E unchecked(Throwable error) throws E {
    throw (E) error;
  }
}
