package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** Java texts compiled into a folder. */
final class Compiled {
  private Compiled() {}

  /** Compiles classes, given as their qualified name and their text by turns. */
  static Path into(Path folder, List<Path> classPath, String... texts) throws IOException {
    List<String> command = new ArrayList<>(List.of("-d", folder.toString(), "-nowarn"));
    if (!classPath.isEmpty()) {
      command.add("-cp");
      command.add(String.join(java.io.File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    }
    Path sources = Files.createTempDirectory("sources");
    for (int i = 0; i < texts.length; i += 2) {
      Path file = sources.resolve(texts[i].replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, texts[i + 1]);
      command.add(file.toString());
    }
    Files.createDirectories(folder);
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new)));
    return folder;
  }
}
