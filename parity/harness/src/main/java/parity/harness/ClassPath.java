package parity.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The entries of a class path in order, and which of them are the project's own. */
final class ClassPath {
  private final List<Entry> places;
  private final Set<Entry> own;
  private final Map<String, List<Entry>> byFolder = new ConcurrentHashMap<>();

  private ClassPath(List<Entry> places, Set<Entry> own) {
    this.places = places;
    this.own = own;
  }

  /**
   * The class path with what manifests add to it. Its own are the folders, and the jars that share a
   * package with one; all entries where there is no folder, or where {@code whole} asks for it.
   */
  static ClassPath of(List<Path> entries, boolean whole, Map<Path, Entry> opened) {
    List<Entry> places = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    for (Path entry : entries) {
      add(entry.toAbsolutePath().normalize(), places, seen, opened);
    }
    Set<String> packages = new HashSet<>();
    Set<Entry> own = new HashSet<>();
    for (Entry place : places) {
      if (place instanceof Entry.Folder) {
        own.add(place);
        packages.addAll(place.packages());
      }
    }
    boolean all = whole || own.isEmpty();
    for (Entry place : places) {
      if (all || place instanceof Entry.Jar && shares(packages, place)) {
        own.add(place);
      }
    }
    return new ClassPath(places, own);
  }

  private static boolean shares(Set<String> packages, Entry jar) {
    return packages.stream().anyMatch(jar.packages()::contains);
  }

  private static void add(
      Path entry, List<Entry> places, Set<Path> seen, Map<Path, Entry> opened) {
    if (!seen.add(entry)) {
      return;
    }
    Entry place = opened.computeIfAbsent(entry, Entry::of);
    if (place != null) {
      places.add(place);
      for (Path more : place.more()) {
        add(more.toAbsolutePath().normalize(), places, seen, opened);
      }
    }
  }

  boolean isOwn(Entry place) {
    return own.contains(place);
  }

  /** The entries that are not the project's own. */
  List<Entry> shared() {
    return places.stream().filter(place -> !own.contains(place)).toList();
  }

  boolean isWhole() {
    return own.size() == places.size();
  }

  /** The entries that may have something in a folder, in order. */
  private List<Entry> having(String folder) {
    List<Entry> known = byFolder.get(folder);
    if (known == null) {
      known = places.stream().filter(place -> place.hasFolder(folder)).toList();
      byFolder.put(folder, known);
    }
    return known;
  }

  /** The first file of that name, or null. */
  Entry.Found find(String file) {
    for (Entry place : having(Entry.folderOf(file))) {
      Entry.Found found = place.find(file);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The first file of that name in an entry that is the project's own, or not; or null. */
  Entry.Found find(String file, boolean ofOwn) {
    for (Entry place : having(Entry.folderOf(file))) {
      if (own.contains(place) == ofOwn) {
        Entry.Found found = place.find(file);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** All files of that name, in order. */
  List<Entry.Found> all(String file) {
    String plain = file.endsWith("/") ? file.substring(0, file.length() - 1) : file;
    List<Entry.Found> found = new ArrayList<>();
    for (Entry place : having(Entry.folderOf(plain))) {
      Entry.Found one = place.find(file);
      if (one != null) {
        found.add(one);
      }
    }
    return found;
  }

  /** Whether an entry has classes of a package; and is the project's own, or not. */
  boolean hasPackage(String folder, boolean ofOwn) {
    return having(folder).stream()
        .anyMatch(place -> own.contains(place) == ofOwn && place.packages().contains(folder));
  }
}
