package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the Java exceptions that stand for what python's port calls raised. */
final class Exceptions {
  private final ClassLoader loader;
  private final List<Path> classPath;

  Exceptions(ClassLoader loader, List<Path> classPath) {
    this.loader = loader;
    this.classPath = classPath;
  }

  /**
   * The exception that {@code method} raises.
   *
   * @param raised what python raised: {@code class}, {@code message}, {@code fields}, and names of
   *     Java classes that stand for it ({@code java}), where the map or the table knows some
   * @param any whether the method may raise anything
   */
  Throwable of(Map<?, ?> raised, Method method, Class<?> port, boolean any, Converter converter)
      throws Refused {
    String name = (String) raised.get("class");
    Class<?> closed = null;
    for (String candidate : candidates(raised, name, method, port)) {
      Class<?> kind = known(candidate);
      if (kind == null || !Throwable.class.isAssignableFrom(kind)) {
        continue;
      }
      if (any || mayRaise(method, kind)) {
        Throwable error = made(kind, (String) raised.get("message"));
        set(error, raised.get("fields"), converter);
        return error;
      }
      closed = closed == null ? kind : closed;
    }
    String simple = simple(name);
    throw new Refused(
        closed == null
            ? "no Java class stands for " + name + ": add raises = { \"" + simple + "\" = \"…\" }"
            : closed.getName() + ", which stands for " + name + ", is not declared by "
                + Loader.shown(method));
  }

  private List<String> candidates(Map<?, ?> raised, String name, Method method, Class<?> port) {
    Set<String> found = new LinkedHashSet<>();
    if (raised.get("java") instanceof List<?> known) {
      known.forEach(one -> found.add((String) one));
    }
    String core = core(simple(name));
    for (Class<?> declared : method.getExceptionTypes()) {
      if (core(declared.getSimpleName()).equals(core)) {
        found.add(declared.getName());
      }
    }
    if (!found.isEmpty()) {
      return List.copyOf(found);
    }
    List<String> near = new ArrayList<>();
    for (String one : Names.classes(classPath)) {
      if (core(one.substring(Math.max(one.lastIndexOf('.'), one.lastIndexOf('$')) + 1)).equals(core)) {
        near.add(one);
      }
    }
    String home = port.getPackageName();
    near.sort(
        java.util.Comparator.comparing((String one) -> !one.startsWith(home + "."))
            .thenComparing(one -> one));
    return near;
  }

  private Class<?> known(String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError absent) {
      return null;
    }
  }

  private static boolean mayRaise(Method method, Class<?> kind) {
    if (RuntimeException.class.isAssignableFrom(kind) || Error.class.isAssignableFrom(kind)) {
      return true;
    }
    for (Class<?> declared : method.getExceptionTypes()) {
      if (declared.isAssignableFrom(kind)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable made(Class<?> kind, String message) throws Refused {
    if (Modifier.isAbstract(kind.getModifiers())) {
      throw new Refused(kind.getName() + " is abstract");
    }
    Throwable error = constructed(kind, message);
    return error != null ? error : Internals.bareError(kind, message);
  }

  private static Throwable constructed(Class<?> kind, String message) throws Refused {
    List<Class<?>[]> shapes = new ArrayList<>();
    shapes.add(new Class<?>[] {String.class});
    shapes.add(new Class<?>[] {String.class, Throwable.class});
    if (message == null) {
      shapes.add(0, new Class<?>[0]);
    }
    for (Class<?>[] shape : shapes) {
      try {
        Constructor<?> constructor = kind.getDeclaredConstructor(shape);
        constructor.setAccessible(true);
        Object[] arguments = new Object[shape.length];
        if (shape.length > 0) {
          arguments[0] = message;
        }
        return (Throwable) constructor.newInstance(arguments);
      } catch (NoSuchMethodException other) {
        continue;
      } catch (InvocationTargetException error) {
        throw new Refused(kind.getName() + " cannot be made: " + error.getCause());
      } catch (ReflectiveOperationException | RuntimeException error) {
        throw new Refused(kind.getName() + " cannot be made: " + error);
      }
    }
    return null;
  }

  /** Gives it the fields that python's has and it has too. */
  private static void set(Throwable error, Object fields, Converter converter) throws Refused {
    if (!(fields instanceof Map<?, ?> given)) {
      return;
    }
    for (Map.Entry<?, ?> one : given.entrySet()) {
      String name = (String) one.getKey();
      for (Class<?> at = error.getClass(); !Types.isLibrary(at); at = at.getSuperclass()) {
        for (Field field : Types.instanceFields(at)) {
          if (field.getName().equals(name) || field.getName().equals(Paths.camel(name))) {
            put(error, field, one.getValue(), converter);
          }
        }
      }
    }
  }

  private static void put(Throwable error, Field field, Object document, Converter converter)
      throws Refused {
    Object value = converter.convert(document, field.getGenericType(), "$." + field.getName());
    try {
      field.setAccessible(true);
      field.set(error, value);
    } catch (IllegalAccessException | RuntimeException closed) {
      throw new Refused(field + " cannot be set: " + closed);
    }
  }

  private static String simple(String name) {
    return name.substring(Math.max(name.lastIndexOf(':'), name.lastIndexOf('.')) + 1);
  }

  /** The simple name less {@code Error} or {@code Exception}. */
  private static String core(String simple) {
    for (String ending : List.of("Exception", "Error")) {
      if (simple.endsWith(ending) && !simple.equals(ending)) {
        return simple.substring(0, simple.length() - ending.length());
      }
    }
    return simple;
  }
}
