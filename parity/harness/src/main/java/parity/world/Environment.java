package parity.world;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Stands in for the variables of the environment. */
public final class Environment {
  private Environment() {}

  public static String getenv(String name) {
    Trace.variable(name);
    Map<?, ?> given = World.environment();
    return given != null && given.containsKey(name)
        ? (String) given.get(name)
        : System.getenv(name);
  }

  public static Map<String, String> getenv() {
    Map<?, ?> given = World.environment();
    Map<String, String> all = new HashMap<>(System.getenv());
    if (given != null) {
      given.forEach((name, value) -> put(all, (String) name, (String) value));
    }
    all.keySet().forEach(Trace::variable);
    return Collections.unmodifiableMap(all);
  }

  private static void put(Map<String, String> all, String name, String value) {
    if (value == null) {
      all.remove(name);
    } else {
      all.put(name, value);
    }
  }
}
