package parity.harness;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Loads the user's classes; sees the JDK and their class path, nothing of the harness. */
final class UserLoader extends URLClassLoader {
  private final Map<String, byte[]> generated = new ConcurrentHashMap<>();

  UserLoader(URL[] entries) {
    super(entries, ClassLoader.getPlatformClassLoader());
  }

  /** Adds compiled expressions, so that they share packages with the user's classes. */
  void add(Map<String, byte[]> classes) {
    generated.putAll(classes);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = generated.get(name);
    return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
  }
}
