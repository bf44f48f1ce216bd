package parity.harness;

import java.lang.reflect.Field;
import java.util.Set;

/** The order of {@code Set.of} and {@code Map.of}, which the JDK draws anew at each start. */
final class Salt {
  private static final long[] SALTS = {0x2545_F491L, 0x4F6C_DD1EL};

  private Salt() {}

  /** Fixes the order: salts 0 and 1 walk in opposite directions. False where the JDK forbids it. */
  static boolean set(int salt) {
    try {
      Class<?> owner = Class.forName("java.util.ImmutableCollections");
      Field access = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      access.setAccessible(true);
      Object unsafe = access.get(null);
      putLong(unsafe, owner.getDeclaredField("SALT32L"), SALTS[salt]);
      putBoolean(unsafe, owner.getDeclaredField("REVERSE"), salt == 1);
      return Set.of("a", "b").iterator().next().equals(salt == 1 ? "b" : "a");
    } catch (ReflectiveOperationException | RuntimeException closed) {
      return false;
    }
  }

  private static void putLong(Object unsafe, Field field, long value)
      throws ReflectiveOperationException {
    put(unsafe, field, "putLong", long.class, value);
  }

  private static void putBoolean(Object unsafe, Field field, boolean value)
      throws ReflectiveOperationException {
    put(unsafe, field, "putBoolean", boolean.class, value);
  }

  private static void put(Object unsafe, Field field, String name, Class<?> type, Object value)
      throws ReflectiveOperationException {
    Class<?> kind = unsafe.getClass();
    Object base = kind.getMethod("staticFieldBase", Field.class).invoke(unsafe, field);
    Object offset = kind.getMethod("staticFieldOffset", Field.class).invoke(unsafe, field);
    kind.getMethod(name, Object.class, long.class, type).invoke(unsafe, base, offset, value);
  }
}
