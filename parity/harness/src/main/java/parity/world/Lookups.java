package parity.world;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;

/** Stands in for look-ups by name: jars that all units share find the classes of the running one. */
public final class Lookups {
  private static volatile ClassLoader shared;
  private static volatile ClassLoader unit;
  private static final ThreadLocal<Boolean> BY_NAME = new ThreadLocal<>();

  private Lookups() {}

  /** From now on the jars of {@code shared} serve the unit whose loader this is. */
  public static void serve(ClassLoader shared, ClassLoader unit) {
    Lookups.shared = shared;
    Lookups.unit = unit;
  }

  public static Class<?> forName(String name, Class<?> caller) throws ClassNotFoundException {
    return forName(name, true, caller.getClassLoader());
  }

  public static Class<?> forName(String name, boolean initialise, ClassLoader loader)
      throws ClassNotFoundException {
    if (loader == null || loader != shared) {
      return Class.forName(name, initialise, loader);
    }
    Class<?> found = inJars(name);
    return Class.forName(name, initialise, found == null ? unit : loader);
  }

  public static Class<?> loadClass(ClassLoader loader, String name) throws ClassNotFoundException {
    if (loader != shared) {
      return loader.loadClass(name);
    }
    Class<?> found = inJars(name);
    return found == null ? unit.loadClass(name) : found;
  }

  /** Whether the running thread asks shared jars for a class by its name. */
  public static boolean isByName() {
    return BY_NAME.get() != null;
  }

  private static Class<?> inJars(String name) {
    BY_NAME.set(true);
    try {
      return Class.forName(name, false, shared);
    } catch (ClassNotFoundException absent) {
      return null;
    } finally {
      BY_NAME.remove();
    }
  }

  // ------------------------------------------------------------ addresses

  public static java.io.InputStream openStream(URL address) throws IOException {
    return openConnection(address).getInputStream();
  }

  public static URLConnection openConnection(URL address) throws IOException {
    return isAnswered(address) ? new HttpConnection(address) : noted(address.openConnection());
  }

  public static URLConnection openConnection(URL address, Proxy proxy) throws IOException {
    return isAnswered(address)
        ? new HttpConnection(address)
        : noted(address.openConnection(proxy));
  }

  private static boolean isAnswered(URL address) {
    return HttpConnection.serves(address) && Outside.has("http");
  }

  private static URLConnection noted(URLConnection connection) {
    if (connection instanceof HttpURLConnection || isRemote(connection.getURL())) {
      Trace.beyond("java.net.URL");
    }
    return connection;
  }

  private static boolean isRemote(URL address) {
    return address.getProtocol().equals("ftp") || address.toString().startsWith("jar:http");
  }
}
