package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;

/** Fields of the JDK that it keeps to itself, written through {@code Unsafe}. */
final class Internals {
  private static final Object UNSAFE = unsafe();

  private Internals() {}

  private static Object unsafe() {
    try {
      Field access = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      access.setAccessible(true);
      return access.get(null);
    } catch (ReflectiveOperationException | RuntimeException closed) {
      return null;
    }
  }

  /** An instance of a class, made without a constructor. */
  static Object bare(Class<?> type) throws ReflectiveOperationException {
    return UNSAFE.getClass().getMethod("allocateInstance", Class.class).invoke(UNSAFE, type);
  }

  /** An exception on which no constructor but that of Throwable was run. */
  static Throwable bareError(Class<?> type, String message) throws Refused {
    try {
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      Object made = factory.getMethod("getReflectionFactory").invoke(null);
      Constructor<?> plain = Throwable.class.getConstructor(String.class);
      Constructor<?> constructor =
          (Constructor<?>)
              factory
                  .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                  .invoke(made, type, plain);
      return (Throwable) constructor.newInstance(message);
    } catch (ReflectiveOperationException | RuntimeException error) {
      throw new Refused(type.getName() + " cannot be made: " + error);
    }
  }

  /** Forgets what a thread keeps for itself: values there would keep a batch's classes alive. */
  static void forgetLocals(Thread thread) {
    forget(thread, "threadLocals");
    forget(thread, "inheritableThreadLocals");
  }

  private static void forget(Thread thread, String name) {
    try {
      Class<?> kind = UNSAFE.getClass();
      Field field = Thread.class.getDeclaredField(name);
      Object offset = kind.getMethod("objectFieldOffset", Field.class).invoke(UNSAFE, field);
      kind.getMethod("putObject", Object.class, long.class, Object.class)
          .invoke(UNSAFE, thread, offset, null);
    } catch (ReflectiveOperationException | RuntimeException closed) {
      return; // then they stay
    }
  }
}
