package parity.world;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What a unit was seen to rest on in one batch. */
public final class Trace {
  private static volatile Trace current = new Trace();
  private final Map<String, String> classes = new ConcurrentHashMap<>();
  private final Map<String, String> resources = new ConcurrentHashMap<>();
  private final Set<String> absent = ConcurrentHashMap.newKeySet();
  private final Set<String> files = ConcurrentHashMap.newKeySet();
  private final Set<String> variables = ConcurrentHashMap.newKeySet();
  private final Set<String> beyond = ConcurrentHashMap.newKeySet();

  /** From now on what the subject does is noted here. */
  public void begin() {
    current = this;
  }

  // ------------------------------------------------------------ by the loaders

  public void defined(String name, String entry) {
    classes.put(name, entry);
  }

  public void found(String name, String entry) {
    resources.put(name, entry);
  }

  public void missing(String name) {
    absent.add(name);
  }

  /** Takes over the look-ups of another: what a library looked up once holds for all its users. */
  public void include(Trace other) {
    resources.putAll(other.resources);
    absent.addAll(other.absent);
    files.addAll(other.files);
    variables.addAll(other.variables);
    beyond.addAll(other.beyond);
  }

  // ------------------------------------------------------------ by rewritten code

  /** Something was reached whose state no trace can tell. */
  public static void beyond(String what) {
    if (!Threads.isLeft(Thread.currentThread())) {
      current.beyond.add(what);
    }
  }

  public static void file(Object path) {
    try {
      if (path instanceof String text) {
        current.files.add(Path.of(text).toAbsolutePath().normalize().toString());
      } else if (path instanceof File file) {
        current.files.add(file.toPath().toAbsolutePath().normalize().toString());
      } else if (path instanceof Path known) {
        note(known);
      }
    } catch (RuntimeException malformed) {
      current.beyond.add("java.nio.file.Path");
    }
  }

  private static void note(Path path) {
    if (path.getFileSystem() == java.nio.file.FileSystems.getDefault()) {
      current.files.add(path.toAbsolutePath().normalize().toString());
    }
  }

  static void variable(String name) {
    if (name != null) {
      current.variables.add(name);
    }
  }

  // ------------------------------------------------------------ told

  /** The document of docs/worker-protocol.md. */
  public Map<String, Object> document(List<String> left) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("classes", new TreeMap<String, Object>(classes));
    told.put("resources", new TreeMap<String, Object>(resources));
    told.put("absent", sorted(absent));
    told.put("files", sorted(files));
    told.put("env", sorted(variables));
    told.put("beyond", sorted(beyond));
    if (!left.isEmpty()) {
      told.put("left", left);
    }
    return told;
  }

  private static List<String> sorted(Set<String> names) {
    return new ArrayList<>(new TreeSet<>(names));
  }
}
