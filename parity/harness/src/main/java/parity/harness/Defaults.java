package parity.harness;

import java.io.InputStream;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;
import java.util.function.BiFunction;
import java.util.function.Function;
import parity.world.Network;

/** What a fixture may change for all later ones, put back after each. */
final class Defaults {
  private static final InputStream NOTHING = InputStream.nullInputStream();
  private final Locale locale = Locale.ROOT;
  private final TimeZone zone = TimeZone.getTimeZone("UTC");
  private final Properties original;
  private final Watched properties = new Watched();
  private Thread thread;
  private String name;
  private int priority;
  private ClassLoader loader;
  private Thread.UncaughtExceptionHandler handler;

  Defaults() {
    Locale.setDefault(locale);
    TimeZone.setDefault(zone);
    System.setIn(NOTHING);
    original = (Properties) System.getProperties().clone();
    properties.putAll(original);
    properties.touched = false;
    System.setProperties(properties);
    begin();
  }

  /** What the running thread is now, it is before each fixture. */
  void begin() {
    thread = Thread.currentThread();
    name = thread.getName();
    priority = thread.getPriority();
    loader = thread.getContextClassLoader();
    handler = thread.getUncaughtExceptionHandler();
    restore();
  }

  /** Puts back what is not as it was. Looks before it writes: nearly always nothing is changed. */
  void restore() {
    restoreManager(); // it may refuse what follows
    if (Locale.getDefault() != locale
        || Locale.getDefault(Locale.Category.FORMAT) != locale
        || Locale.getDefault(Locale.Category.DISPLAY) != locale) {
      Locale.setDefault(locale);
    }
    if (!TimeZone.getDefault().equals(zone)) {
      TimeZone.setDefault(zone);
    }
    if (properties.touched || System.getProperties() != properties) {
      restoreProperties();
    }
    if (System.in != NOTHING) {
      System.setIn(NOTHING);
    }
    if (Thread.getDefaultUncaughtExceptionHandler() != null) {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
    restoreThread();
    Network.restore();
  }

  private void restoreProperties() {
    if (!properties.equals(original)) {
      properties.clear();
      properties.putAll(original);
    }
    properties.touched = false;
    System.setProperties(properties);
  }

  private void restoreThread() {
    Thread.interrupted();
    if (thread.getContextClassLoader() != loader) {
      thread.setContextClassLoader(loader);
    }
    if (thread.getName() != name) {
      thread.setName(name);
    }
    if (thread.getPriority() != priority) {
      thread.setPriority(priority);
    }
    if (thread.getUncaughtExceptionHandler() != handler) {
      thread.setUncaughtExceptionHandler(handler == thread.getThreadGroup() ? null : handler);
    }
  }

  /** Right after a call: what is to be done then may be what a manager refuses. */
  @SuppressWarnings("removal") // of security managers: a JDK that still has them lets one be set
  static void restoreManager() {
    if (System.getSecurityManager() != null) {
      System.setSecurityManager(null);
    }
  }

  /** The system properties; tells whether anybody may have changed them. */
  private static final class Watched extends Properties {
    private static final long serialVersionUID = 1L;
    private transient volatile boolean touched;

    @Override
    public Object put(Object key, Object value) {
      touched = true;
      return super.put(key, value);
    }

    @Override
    public Object remove(Object key) {
      touched = true;
      return super.remove(key);
    }

    @Override
    public boolean remove(Object key, Object value) {
      touched = true;
      return super.remove(key, value);
    }

    @Override
    public void putAll(Map<?, ?> all) {
      touched = true;
      super.putAll(all);
    }

    @Override
    public void clear() {
      touched = true;
      super.clear();
    }

    @Override
    public Object putIfAbsent(Object key, Object value) {
      touched = true;
      return super.putIfAbsent(key, value);
    }

    @Override
    public Object replace(Object key, Object value) {
      touched = true;
      return super.replace(key, value);
    }

    @Override
    public boolean replace(Object key, Object before, Object after) {
      touched = true;
      return super.replace(key, before, after);
    }

    @Override
    public void replaceAll(BiFunction<? super Object, ? super Object, ?> made) {
      touched = true;
      super.replaceAll(made);
    }

    @Override
    public Object compute(Object key, BiFunction<? super Object, ? super Object, ?> made) {
      touched = true;
      return super.compute(key, made);
    }

    @Override
    public Object computeIfAbsent(Object key, Function<? super Object, ?> made) {
      touched = true;
      return super.computeIfAbsent(key, made);
    }

    @Override
    public Object computeIfPresent(Object key, BiFunction<? super Object, ? super Object, ?> made) {
      touched = true;
      return super.computeIfPresent(key, made);
    }

    @Override
    public Object merge(
        Object key, Object value, BiFunction<? super Object, ? super Object, ?> made) {
      touched = true;
      return super.merge(key, value, made);
    }

    // Views can be written through: whoever takes one may.

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
      touched = true;
      return super.entrySet();
    }

    @Override
    public Set<Object> keySet() {
      touched = true;
      return super.keySet();
    }

    @Override
    public Collection<Object> values() {
      touched = true;
      return super.values();
    }
  }
}
