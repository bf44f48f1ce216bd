package parity.harness;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;

/** An entry of a class path: a folder or a jar. */
abstract sealed class Entry permits Entry.Folder, Entry.Jar {
  final Path path;
  final String name;
  final URL url;

  private Entry(Path path) throws MalformedURLException {
    this.path = path;
    this.name = path.toString();
    this.url = path.toUri().toURL();
  }

  /** The place, or null where there is nothing that can be read. */
  static Entry of(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return new Folder(path);
      }
      return Files.isRegularFile(path) ? new Jar(path) : null;
    } catch (IOException unreadable) {
      return null; // as every class loader takes it
    }
  }

  /** A file by its name in the place, or null. */
  abstract Found find(String file);

  /** Whether there may be anything below a folder, by its name without a slash at the end. */
  abstract boolean hasFolder(String folder);

  /** What the manifest says, or null where there is none. */
  abstract Manifest manifest();

  /** Entries that the manifest adds to the class path. */
  abstract List<Path> more();

  /** The folders of the place that have class files. */
  abstract Set<String> packages();

  /** A file found in a place. */
  abstract static class Found {
    final Entry place;
    final URL url;

    Found(Entry place, URL url) {
      this.place = place;
      this.url = url;
    }

    abstract InputStream open() throws IOException;

    byte[] bytes() throws IOException {
      try (InputStream in = open()) {
        return in.readAllBytes();
      }
    }

    /** Where it came from and who signed it; known once it was read to its end. */
    CodeSource source() {
      return new CodeSource(place.url, (CodeSigner[]) null);
    }
  }

  /** A folder: the project's own classes. */
  static final class Folder extends Entry {
    private final Map<String, Boolean> folders = new ConcurrentHashMap<>();

    Folder(Path path) throws IOException {
      super(path);
    }

    @Override
    Found find(String file) {
      if (!hasFolder(folderOf(file))) {
        return null;
      }
      Path found = file.isEmpty() ? path : path.resolve(file);
      if (!found.normalize().startsWith(path) || !Files.exists(found)) {
        return null;
      }
      try {
        return new Found(this, found.toUri().toURL()) {
          @Override
          InputStream open() throws IOException {
            return Files.isDirectory(found) ? url.openStream() : Files.newInputStream(found);
          }

          @Override
          byte[] bytes() throws IOException {
            return Files.readAllBytes(found);
          }
        };
      } catch (MalformedURLException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    boolean hasFolder(String folder) {
      return folder.isEmpty()
          || folders.computeIfAbsent(folder, key -> Files.isDirectory(path.resolve(key)));
    }

    @Override
    Manifest manifest() {
      return null;
    }

    @Override
    List<Path> more() {
      return List.of();
    }

    @Override
    Set<String> packages() {
      Set<String> found = new HashSet<>();
      try (var files = Files.walk(path)) {
        files
            .filter(file -> file.toString().endsWith(".class"))
            .map(file -> folderOf(path.relativize(file).toString().replace('\\', '/')))
            .forEach(found::add);
      } catch (IOException | java.io.UncheckedIOException unreadable) {
        return found;
      }
      return found;
    }
  }

  /** A jar, kept open. */
  static final class Jar extends Entry {
    private static final String VERSIONS = "META-INF/versions/";
    private final JarFile file;
    private final String base;
    private final Manifest manifest;
    private Set<String> folders;
    private Set<String> packages;

    Jar(Path path) throws IOException {
      super(path);
      file = new JarFile(path.toFile(), true, ZipFile.OPEN_READ, Runtime.version());
      base = "jar:" + url + "!/";
      manifest = file.getManifest();
    }

    @Override
    Found find(String wanted) {
      JarEntry entry = file.getJarEntry(wanted);
      if (entry == null) {
        return null;
      }
      try {
        return new Found(this, address(entry.getRealName())) {
          @Override
          InputStream open() throws IOException {
            return file.getInputStream(entry);
          }

          @Override
          CodeSource source() {
            return new CodeSource(place.url, entry.getCodeSigners());
          }
        };
      } catch (MalformedURLException malformed) {
        return null;
      }
    }

    @SuppressWarnings("deprecation") // the constructors of URL: the text is a URL's already
    private URL address(String entry) throws MalformedURLException {
      return new URL(base + encoded(entry));
    }

    private static String encoded(String entry) {
      for (int i = 0; i < entry.length(); i++) {
        char c = entry.charAt(i);
        if (!Character.isLetterOrDigit(c) && "-./_$".indexOf(c) < 0 || c > '~') {
          try {
            return new URI(null, null, "/" + entry, null).getRawPath().substring(1);
          } catch (URISyntaxException malformed) {
            return entry;
          }
        }
      }
      return entry;
    }

    @Override
    synchronized boolean hasFolder(String folder) {
      scan();
      return folders.contains(folder);
    }

    @Override
    Manifest manifest() {
      return manifest;
    }

    @Override
    List<Path> more() {
      String text =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      List<Path> more = new ArrayList<>();
      for (String one : text == null ? new String[0] : text.strip().split("\\s+")) {
        try {
          URI resolved = path.toUri().resolve(one);
          if ("file".equals(resolved.getScheme())) {
            more.add(Path.of(resolved));
          }
        } catch (IllegalArgumentException malformed) {
          continue;
        }
      }
      return more;
    }

    @Override
    synchronized Set<String> packages() {
      scan();
      return packages;
    }

    // So that a look-up need not try each jar.
    private void scan() {
      if (folders != null) {
        return;
      }
      folders = new HashSet<>();
      packages = new HashSet<>();
      for (Enumeration<JarEntry> all = file.entries(); all.hasMoreElements(); ) {
        String entry = all.nextElement().getName();
        if (entry.startsWith(VERSIONS)) {
          entry = entry.substring(entry.indexOf('/', VERSIONS.length()) + 1);
        }
        if (entry.endsWith("/")) {
          entry = entry.substring(0, entry.length() - 1);
        }
        String folder = folderOf(entry);
        folders.add(folder);
        if (entry.endsWith(".class")) {
          packages.add(folder);
        }
      }
    }
  }

  static String folderOf(String file) {
    return file.substring(0, Math.max(file.lastIndexOf('/'), 0));
  }
}
