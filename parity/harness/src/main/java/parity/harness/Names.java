package parity.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Names that look like one that is not there. */
final class Names {
  private static final int SHOWN = 3;
  private static final double ALIKE = 0.6;

  private Names() {}

  /** Up to three of the known names that are most like {@code word}, best first. */
  static List<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .distinct()
        .filter(name -> likeness(simple(word), simple(name)) >= ALIKE)
        .sorted(
            Comparator.comparingDouble((String name) -> -likeness(simple(word), simple(name)))
                .thenComparingDouble(name -> -likeness(word, name))
                .thenComparing(name -> name))
        .limit(SHOWN)
        .toList();
  }

  private static String simple(String name) {
    int bracket = name.indexOf('(');
    String plain = bracket < 0 ? name : name.substring(0, bracket);
    return plain.substring(Math.max(plain.lastIndexOf('.'), plain.lastIndexOf('$')) + 1);
  }

  private static double likeness(String one, String other) {
    String left = one.toLowerCase(Locale.ROOT);
    String right = other.toLowerCase(Locale.ROOT);
    int longest = Math.max(Math.max(left.length(), right.length()), 1);
    return 1.0 - (double) distance(left, right) / longest;
  }

  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int cost = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
        diagonal = row[j];
        row[j] = best;
      }
    }
    return row[other.length()];
  }

  /** The names of all classes on the class path. */
  static List<String> classes(List<Path> classPath) {
    List<String> names = new ArrayList<>();
    for (Path entry : classPath) {
      try {
        names.addAll(Files.isDirectory(entry) ? inFolder(entry) : inJar(entry));
      } catch (IOException unreadable) {
        continue;
      }
    }
    return names;
  }

  private static List<String> inFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString())
          .filter(name -> name.endsWith(".class"))
          .map(Names::className)
          .toList();
    }
  }

  private static List<String> inJar(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.stream()
          .map(java.util.zip.ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF"))
          .map(Names::className)
          .toList();
    }
  }

  private static String className(String file) {
    return file.substring(0, file.length() - ".class".length()).replace('/', '.');
  }
}
