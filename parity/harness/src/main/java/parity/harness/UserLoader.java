package parity.harness;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import parity.world.Lookups;
import parity.world.Trace;

/**
 * Loads the user's classes; sees the JDK and their class path, nothing of the harness but what
 * rewritten classes name.
 *
 * <p>One loader serves the jars for all units; each unit has one for the project's own classes.
 */
final class UserLoader extends SecureClassLoader {
  private static final String WORLD = "parity.world.";
  private static final Set<String> JDK_PACKAGES = new HashSet<>();

  static {
    registerAsParallelCapable();
    for (Module module : ModuleLayer.boot().modules()) {
      JDK_PACKAGES.addAll(module.getPackages());
    }
  }

  private static final LongAdder DEFINED = new LongAdder();
  // Asking for the parent is what a security manager of the subject may refuse.
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();
  private final ClassPath classPath;
  private final Map<String, byte[]> generated;
  private final Rewriting rewriting;
  private final UserLoader jars;
  private final Trace trace;
  private volatile UserLoader served;
  private volatile boolean defining;
  private volatile boolean entangled;

  private UserLoader(
      ClassPath classPath,
      Map<String, byte[]> generated,
      Rewriting rewriting,
      UserLoader jars,
      Trace trace) {
    super(PLATFORM);
    this.classPath = classPath;
    this.generated = generated;
    this.rewriting = rewriting;
    this.jars = jars;
    this.trace = trace;
  }

  /** The loader of the jars that all units share. */
  static UserLoader shared(ClassPath classPath, Rewriting rewriting) {
    return new UserLoader(classPath, new ConcurrentHashMap<>(), rewriting, null, null);
  }

  /** The loader of one unit's own classes, over {@code jars} where it has not all for itself. */
  static UserLoader of(
      ClassPath classPath, Map<String, byte[]> generated, Rewriting rewriting, UserLoader jars) {
    return new UserLoader(classPath, generated, rewriting, jars, new Trace());
  }

  /** Adds compiled expressions, so that they share packages with the classes of the jars. */
  void add(String name, byte[] bytes) {
    generated.put(name, bytes);
  }

  /** How many classes were defined by all of these loaders. */
  static long defined() {
    return DEFINED.sum();
  }

  Trace trace() {
    return trace;
  }

  /** From now on the shared jars serve this unit. */
  void begin() {
    if (jars != null) {
      jars.served = this;
      jars.defining = false;
    }
    Lookups.serve(jars, this);
    trace.begin();
  }

  /** Whether shared jars have asked for the project's own classes: they cannot be shared then. */
  boolean isEntangled() {
    return entangled;
  }

  /** Whether shared classes were defined since this unit began: they may keep what they saw. */
  boolean definedShared() {
    return jars != null && jars.defining;
  }

  // ------------------------------------------------------------ classes

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known == null) {
        known = find(name);
      }
      if (resolve) {
        resolveClass(known);
      }
      return known;
    }
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    if (name.startsWith(WORLD)) {
      return Class.forName(name, false, UserLoader.class.getClassLoader());
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0 && JDK_PACKAGES.contains(name.substring(0, dot))) {
      try {
        return PLATFORM.loadClass(name);
      } catch (ClassNotFoundException absent) {
        return findClass(name);
      }
    }
    return findClass(name);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] made = generated.get(name);
    if (made != null) {
      byte[] bytes = rewriting.rewritten(name, made, null, false);
      return defineClass(name, bytes, 0, bytes.length);
    }
    String file = name.replace('.', '/') + ".class";
    boolean whole = jars == null && trace != null;
    Entry.Found found = whole ? classPath.find(file) : classPath.find(file, trace != null);
    if (found != null) {
      return define(name, found);
    } else if (jars != null) {
      try {
        return jars.loadClass(name);
      } catch (ClassNotFoundException absent) {
        trace.missing(file);
        throw absent;
      }
    }
    if (trace != null) {
      trace.missing(file);
    } else if (served != null && !Lookups.isByName() && classPath.find(file, true) != null) {
      entangled = true;
      return served.loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }

  private Class<?> define(String name, Entry.Found found) throws ClassNotFoundException {
    byte[] bytes;
    try {
      bytes = rewriting.rewritten(name, found.bytes(), found.place, trace == null);
    } catch (IOException unreadable) {
      throw new ClassNotFoundException(name, unreadable);
    }
    DEFINED.increment();
    CodeSource source = found.source();
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      ensurePackage(name.substring(0, dot), found.place);
    }
    if (trace == null) {
      defining = true;
    } else {
      trace.defined(name, found.place.name);
    }
    return defineClass(name, bytes, 0, bytes.length, source);
  }

  // As URLClassLoader does it: what the manifest says, and no class of a sealed package elsewhere.
  private void ensurePackage(String name, Entry place) {
    Manifest manifest = place.manifest();
    Package known = getDefinedPackage(name);
    if (known == null) {
      try {
        definePackage(name, manifest, place.url);
        return;
      } catch (IllegalArgumentException defined) {
        known = getDefinedPackage(name);
      }
    }
    boolean clash =
        known.isSealed()
            ? !known.isSealed(place.url)
            : manifest != null && isSealed(name, manifest);
    if (clash) {
      throw new SecurityException("sealing violation: package " + name + " is sealed");
    }
  }

  private static boolean isSealed(String name, Manifest manifest) {
    return "true".equalsIgnoreCase(attribute(name, manifest, Attributes.Name.SEALED));
  }

  private static String attribute(String name, Manifest manifest, Attributes.Name wanted) {
    Attributes ofPackage = manifest.getAttributes(name.replace('.', '/') + "/");
    String value = ofPackage == null ? null : ofPackage.getValue(wanted);
    return value == null ? manifest.getMainAttributes().getValue(wanted) : value;
  }

  private void definePackage(String name, Manifest manifest, URL url) {
    if (manifest == null) {
      definePackage(name, null, null, null, null, null, null, null);
      return;
    }
    definePackage(
        name,
        attribute(name, manifest, Attributes.Name.SPECIFICATION_TITLE),
        attribute(name, manifest, Attributes.Name.SPECIFICATION_VERSION),
        attribute(name, manifest, Attributes.Name.SPECIFICATION_VENDOR),
        attribute(name, manifest, Attributes.Name.IMPLEMENTATION_TITLE),
        attribute(name, manifest, Attributes.Name.IMPLEMENTATION_VERSION),
        attribute(name, manifest, Attributes.Name.IMPLEMENTATION_VENDOR),
        isSealed(name, manifest) ? url : null);
  }

  // ------------------------------------------------------------ resources

  // The shared jars find what the running unit finds: as if one loader served them all.
  private UserLoader asked() {
    UserLoader unit = served;
    return trace == null && unit != null ? unit : this;
  }

  @Override
  protected URL findResource(String name) {
    Entry.Found found = asked().found(name);
    return found == null ? null : found.url;
  }

  private Entry.Found found(String name) {
    String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    Entry.Found found = name.equals(plain) ? classPath.find(name) : first(classPath.all(name));
    note(name, found);
    return found;
  }

  private void note(String name, Entry.Found found) {
    if (trace != null && found != null) {
      trace.found(name, found.place.name);
    } else if (trace != null) {
      trace.missing(name);
    }
  }

  private static Entry.Found first(List<Entry.Found> all) {
    return all.isEmpty() ? null : all.get(0);
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    UserLoader asked = asked();
    List<Entry.Found> all = asked.classPath.all(name);
    asked.note(name, first(all));
    return Collections.enumeration(all.stream().map(one -> one.url).toList());
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    URL inJdk = PLATFORM.getResource(name);
    try {
      if (inJdk != null) {
        return inJdk.openStream();
      }
      Entry.Found found = asked().found(name);
      return found == null ? null : found.open();
    } catch (IOException unreadable) {
      return null;
    }
  }
}
