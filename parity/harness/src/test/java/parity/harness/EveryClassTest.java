package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is rewritten is still what the JVM takes: whatever links as it was links rewritten too. */
class EveryClassTest {
  private static final int MOST_CLASSES = 1_500;
  private static final String CHOICES =
      """
      package subject;
      public class Choices {
        static Object first(boolean a) { return new StringBuilder(a ? "x" : "yy"); }
        static Object later(boolean a, int b) {
          if (b > 1) {
            throw new IllegalStateException("too " + b, new RuntimeException(a ? null : "why"));
          }
          return new Object[] {new String(b == 0 ? new char[1] : new char[b + 1]), new int[b + 2]};
        }
        static Object inner(boolean a) { return new StringBuilder(new String(a ? "x" : new String("y"))); }
        static int loop(int n) {
          int sum = 0;
          while (n-- > 0) { sum += new int[] {new Integer(n > 3 ? n : 1)}[0]; }
          return sum;
        }
      }
      """;

  @TempDir Path folder;

  /** Rewritings that parity puts classes through. */
  private static Map<String, UnaryOperator<byte[]>> rewritings() {
    Rewriter plain = new Rewriter();
    Rewriter probing = new Rewriter();
    probing.covering().begin();
    Map<String, UnaryOperator<byte[]>> all = new HashMap<>();
    all.put("worlds", bytes -> plain.rewritten(bytes, false));
    all.put("worlds of jars", bytes -> plain.rewritten(bytes, true));
    all.put("probes", bytes -> probing.covering().probed(probing.rewritten(bytes, false)));
    all.put("turns", bytes -> plain.rewritten(Counters.ticking(bytes), false));
    all.put("points", bytes -> plain.rewritten(Counters.marked(bytes, new Points()), false));
    return all;
  }

  @Test
  void anObjectMadeOfAChoiceAtTheBeginOfABlock() throws Exception {
    Path classes = Compiled.into(folder.resolve("classes"), List.of(), "subject.Choices", CHOICES);
    byte[] bytes = Files.readAllBytes(classes.resolve("subject/Choices.class"));
    for (Map.Entry<String, UnaryOperator<byte[]>> one : rewritings().entrySet()) {
      Plain loader = new Plain(Map.of("subject.Choices", one.getValue().apply(bytes)));
      assertEquals("", loader.linked("subject.Choices"), one.getKey());
    }
  }

  @Test
  void everyClassOfTheJarsOfThisTestStillLinks() throws Exception {
    Map<String, byte[]> classes = classes();
    assertTrue(classes.size() > 500, "only " + classes.size() + " classes were found");
    Plain before = new Plain(classes);
    Map<String, String> linked = new HashMap<>();
    classes.keySet().forEach(name -> linked.put(name, before.linked(name)));
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, UnaryOperator<byte[]>> one : rewritings().entrySet()) {
      Map<String, byte[]> made = new HashMap<>();
      classes.forEach((name, bytes) -> made.put(name, one.getValue().apply(bytes)));
      Plain after = new Plain(made);
      for (String name : classes.keySet()) {
        String told = after.linked(name);
        if (linked.get(name).isEmpty() && !told.isEmpty()) {
          wrong.add(one.getKey() + ": " + name + ": " + told);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Classes of published jars: those that this test runs on, or those named to it. */
  private static Map<String, byte[]> classes() throws IOException {
    String path = System.getProperty("parity.jars", System.getProperty("java.class.path"));
    int most = Integer.getInteger("parity.classes", MOST_CLASSES);
    Map<String, byte[]> found = new HashMap<>();
    for (String jar : path.split(java.io.File.pathSeparator)) {
      if (!jar.endsWith(".jar")) {
        continue;
      }
      try (JarFile file = new JarFile(jar)) {
        for (JarEntry entry : Collections.list(file.entries())) {
          String name = entry.getName();
          boolean wanted =
              name.endsWith(".class") && !name.startsWith("META-INF") && !name.contains("-info");
          if (wanted && found.size() < most) {
            try (InputStream bytes = file.getInputStream(entry)) {
              String binary = name.substring(0, name.length() - 6).replace('/', '.');
              found.putIfAbsent(binary, bytes.readAllBytes());
            }
          }
        }
      }
    }
    return found;
  }

  /** Defines classes from their bytes alone. */
  private static final class Plain extends ClassLoader {
    private final Map<String, byte[]> classes;

    Plain(Map<String, byte[]> classes) {
      super(EveryClassTest.class.getClassLoader());
      this.classes = classes;
    }

    /** What the JVM says against a class; nothing where it takes it. */
    String linked(String name) {
      try {
        loadClass(name).getDeclaredMethods(); // links, and so verifies, without initialising
        return "";
      } catch (ClassNotFoundException | LinkageError refused) {
        return String.valueOf(refused).lines().findFirst().orElse("?");
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        byte[] bytes = classes.get(name);
        if (known == null && bytes != null) {
          known = defineClass(name, bytes, 0, bytes.length);
        }
        return known != null ? known : super.loadClass(name, resolve);
      }
    }
  }
}
