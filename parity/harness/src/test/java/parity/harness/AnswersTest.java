package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswersTest {
  @TempDir Path folder;

  private Path made(int size) throws IOException {
    byte[] bytes = new byte[size];
    System.arraycopy("PARITY2\0".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 8);
    return Files.write(folder.resolve("answers"), bytes);
  }

  private static long number(Path file, int place) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong(place);
  }

  private static Text text(String ascii) {
    return new Text().add(ascii);
  }

  @Test
  void whatIsCommittedStandsInTheFileAtOnce() throws IOException {
    Path file = made(128);
    try (Answers answers = new Answers(file)) {
      answers.begin();
      assertEquals(1, number(file, 8));
      assertEquals(0, number(file, 16));
      answers.subjectRuns(true);
      assertEquals(1, number(file, 40));
      answers.commit(540, false, text("one"));
      answers.begin();
      assertEquals(0, number(file, 40));
      assertEquals(2, number(file, 8));
      assertEquals(1, number(file, 16));
      assertEquals(8, number(file, 24));
      assertEquals(0, number(file, 32));
      answers.done();
      assertEquals(1, number(file, 32));
    }
    assertEquals("0.5\tone\n", new String(Files.readAllBytes(file), 64, 8));
  }

  @Test
  void anAnswerOfNothingButWhatWasReturnedIsMarked() throws IOException {
    Path file = made(128);
    try (Answers answers = new Answers(file)) {
      answers.begin();
      answers.commit(540, true, text("one"));
    }
    assertEquals("0.5 \tone\n", new String(Files.readAllBytes(file), 64, 9));
  }

  @Test
  void aFileThatIsTooShortGrows() throws IOException {
    Path file = made(64);
    StringBuilder all = new StringBuilder();
    try (Answers answers = new Answers(file)) {
      for (int i = 0; i < 3000; i++) {
        String answer = "x".repeat(i);
        all.append("0.0\t").append(answer).append("\n");
        answers.begin();
        answers.commit(0, false, text(answer));
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(all.length(), number(file, 24));
    assertEquals(3000, number(file, 16));
    assertEquals(all.toString(), new String(bytes, 64, all.length(), StandardCharsets.US_ASCII));
  }

  @Test
  void aFileWithoutTheMagicIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("other"), new byte[128]);
    assertThrows(IOException.class, () -> new Answers(file));
    Path tooShort = Files.write(folder.resolve("short"), new byte[7]);
    assertThrows(IOException.class, () -> new Answers(tooShort));
  }
}
