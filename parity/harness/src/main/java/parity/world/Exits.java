package parity.world;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Stands in for what ends the process, or waits for its end. */
public final class Exits {
  private static final Set<Thread> HOOKS =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  private Exits() {}

  public static void exit(int status) {
    throw new Ended("System.exit(" + status + ")");
  }

  public static void exit(Runtime runtime, int status) {
    throw new Ended("Runtime.exit(" + status + ")");
  }

  public static void halt(Runtime runtime, int status) {
    throw new Ended("Runtime.halt(" + status + ")");
  }

  /** Takes a hook that will never run: the process does not end when the subject would. */
  public static void addShutdownHook(Runtime runtime, Thread hook) {
    if (hook.isAlive()) {
      throw new IllegalArgumentException("Hook already running");
    } else if (!HOOKS.add(hook)) {
      throw new IllegalArgumentException("Hook previously registered");
    }
  }

  public static boolean removeShutdownHook(Runtime runtime, Thread hook) {
    if (hook == null) {
      throw new NullPointerException();
    }
    return HOOKS.remove(hook);
  }

  /** Lets go of all hooks. */
  public static void forget() {
    HOOKS.clear();
  }
}
