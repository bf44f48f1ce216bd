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
  private final List<Place> places;
  private final Set<Place> own;
  private final Map<String, List<Place>> byFolder = new ConcurrentHashMap<>();

  private ClassPath(List<Place> places, Set<Place> own) {
    this.places = places;
    this.own = own;
  }

  /**
   * The class path with what manifests add to it. Its own are the folders, and the jars that share a
   * package with one; all entries where there is no folder, or where {@code whole} asks for it.
   */
  static ClassPath of(List<Path> entries, boolean whole, Map<Path, Place> opened) {
    List<Place> places = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    for (Path entry : entries) {
      add(entry.toAbsolutePath().normalize(), places, seen, opened);
    }
    Set<String> packages = new HashSet<>();
    Set<Place> own = new HashSet<>();
    for (Place place : places) {
      if (place instanceof Place.Folder) {
        own.add(place);
        packages.addAll(place.packages());
      }
    }
    boolean all = whole || own.isEmpty();
    for (Place place : places) {
      if (all || place instanceof Place.Jar && shares(packages, place)) {
        own.add(place);
      }
    }
    return new ClassPath(places, own);
  }

  private static boolean shares(Set<String> packages, Place jar) {
    return packages.stream().anyMatch(jar.packages()::contains);
  }

  private static void add(
      Path entry, List<Place> places, Set<Path> seen, Map<Path, Place> opened) {
    if (!seen.add(entry)) {
      return;
    }
    Place place = opened.computeIfAbsent(entry, Place::of);
    if (place != null) {
      places.add(place);
      for (Path more : place.more()) {
        add(more.toAbsolutePath().normalize(), places, seen, opened);
      }
    }
  }

  boolean isOwn(Place place) {
    return own.contains(place);
  }

  boolean isWhole() {
    return own.size() == places.size();
  }

  /** The entries that may have something in a folder, in order. */
  private List<Place> having(String folder) {
    List<Place> known = byFolder.get(folder);
    if (known == null) {
      known = places.stream().filter(place -> place.hasFolder(folder)).toList();
      byFolder.put(folder, known);
    }
    return known;
  }

  /** The first file of that name, or null. */
  Place.Found find(String file) {
    for (Place place : having(Place.folderOf(file))) {
      Place.Found found = place.find(file);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The first file of that name in an entry that is the project's own, or not; or null. */
  Place.Found find(String file, boolean ofOwn) {
    for (Place place : having(Place.folderOf(file))) {
      if (own.contains(place) == ofOwn) {
        Place.Found found = place.find(file);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** All files of that name, in order. */
  List<Place.Found> all(String file) {
    String plain = file.endsWith("/") ? file.substring(0, file.length() - 1) : file;
    List<Place.Found> found = new ArrayList<>();
    for (Place place : having(Place.folderOf(plain))) {
      Place.Found one = place.find(file);
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
