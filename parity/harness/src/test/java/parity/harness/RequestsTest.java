package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsTest {
  @TempDir Path folder;

  private List<String> lines(String text, long from) throws IOException {
    Path file = Files.writeString(folder.resolve("requests"), text);
    List<String> lines = new ArrayList<>();
    try (Requests requests = new Requests(file, from)) {
      while (requests.next()) {
        int size = requests.end() - requests.start();
        lines.add(new String(requests.bytes(), requests.start(), size, StandardCharsets.US_ASCII));
      }
    }
    return lines;
  }

  @Test
  void linesOfAnySizeComeInTheirOrder() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      expected.add(i + "x".repeat(i * 9973));
    }
    assertEquals(expected, lines(String.join("\n", expected) + "\n", 0));
    assertEquals(expected.subList(33, 40), lines(String.join("\n", expected), 33));
  }

  @Test
  void theLinesBeforeTheFirstAskedForAreLeftOut() throws IOException {
    assertEquals(List.of("b", "c"), lines("a\nb\nc\n", 1));
    assertEquals(List.of(), lines("a\nb\nc\n", 3));
    assertEquals(List.of(), lines("", 0));
    assertThrows(IOException.class, () -> lines("a\n", 2));
  }
}
