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
    try {
      return Class.forName(name, initialise, loader);
    } catch (ClassNotFoundException missing) {
      return Class.forName(name, initialise, served(loader, missing));
    }
  }

  public static Class<?> loadClass(ClassLoader loader, String name) throws ClassNotFoundException {
    try {
      return loader.loadClass(name);
    } catch (ClassNotFoundException missing) {
      return served(loader, missing).loadClass(name);
    }
  }

  private static ClassLoader served(ClassLoader loader, ClassNotFoundException missing)
      throws ClassNotFoundException {
    if (loader == null || loader != shared || unit == null) {
      throw missing;
    }
    return unit;
  }

  // ------------------------------------------------------------ addresses

  public static java.io.InputStream openStream(URL address) throws IOException {
    return noted(address.openConnection()).getInputStream();
  }

  public static URLConnection openConnection(URL address) throws IOException {
    return noted(address.openConnection());
  }

  public static URLConnection openConnection(URL address, Proxy proxy) throws IOException {
    return noted(address.openConnection(proxy));
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
