package parity.harness;

import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;

/** What a fixture may change for all later ones, put back after each. */
final class Defaults {
  private final Locale locale = Locale.ROOT;
  private final TimeZone zone = TimeZone.getTimeZone("UTC");
  private final Properties properties;
  private ClassLoader loader;

  Defaults() {
    Locale.setDefault(locale);
    TimeZone.setDefault(zone);
    properties = (Properties) System.getProperties().clone();
  }

  /** What the thread has now, it has before each fixture. */
  void begin() {
    loader = Thread.currentThread().getContextClassLoader();
  }

  void restore() {
    if (!Locale.getDefault().equals(locale)
        || !Locale.getDefault(Locale.Category.FORMAT).equals(locale)
        || !Locale.getDefault(Locale.Category.DISPLAY).equals(locale)) {
      Locale.setDefault(locale);
    }
    if (!TimeZone.getDefault().equals(zone)) {
      TimeZone.setDefault(zone);
    }
    if (!System.getProperties().equals(properties)) {
      System.setProperties((Properties) properties.clone());
    }
    Thread.interrupted();
  }
}
