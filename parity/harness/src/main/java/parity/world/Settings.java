package parity.world;

import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;

/**
 * Stands in for what sets something for the whole JVM.
 *
 * <p>It is put back after each fixture. What a thread that outlived its fixture sets would count for
 * one that it has nothing to do with: it counts for none. Nobody is between the question and the
 * setting when {@link #settled} is over.
 */
public final class Settings {
  private Settings() {}

  /** After threads were found to be left: from now on they set nothing. */
  static synchronized void settled() {
    return;
  }

  private static boolean counts() {
    return !Threads.isLeft(Thread.currentThread());
  }

  public static synchronized void setDefault(Locale locale) {
    if (counts()) {
      Locale.setDefault(locale);
    }
  }

  public static synchronized void setDefault(Locale.Category category, Locale locale) {
    if (counts()) {
      Locale.setDefault(category, locale);
    }
  }

  public static synchronized void setDefault(TimeZone zone) {
    if (counts()) {
      TimeZone.setDefault(zone);
    }
  }

  public static synchronized String setProperty(String key, String value) {
    return counts() ? System.setProperty(key, value) : System.getProperty(key);
  }

  public static synchronized String clearProperty(String key) {
    return counts() ? System.clearProperty(key) : System.getProperty(key);
  }

  public static synchronized void setProperties(Properties properties) {
    if (counts()) {
      System.setProperties(properties);
    }
  }
}
