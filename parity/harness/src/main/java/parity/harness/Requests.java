package parity.harness;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The lines of a request file, one after the other, however large the file is. */
final class Requests implements Closeable {
  private static final int BUFFER = 1 << 17;
  private final InputStream file;
  private byte[] bytes = new byte[BUFFER];
  private int start;
  private int end;
  private int filled;
  private boolean whole;

  /** Opens the file before its line {@code from}, counted from 0. */
  Requests(Path path, long from) throws IOException {
    file = Files.newInputStream(path);
    for (long line = 0; line < from; line++) {
      if (!next()) {
        throw new IOException(path + " has no line " + from);
      }
    }
  }

  /** Goes to the next line; false where there is none. */
  boolean next() throws IOException {
    start = end < filled && bytes[end] == '\n' ? end + 1 : end;
    int at = start;
    while (true) {
      while (at < filled) {
        if (bytes[at] == '\n') {
          end = at;
          return true;
        }
        at++;
      }
      if (whole) {
        end = filled;
        return start < filled;
      }
      at -= start;
      fill();
      at += start;
    }
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, filled - start);
      filled -= start;
      start = 0;
    } else if (filled == bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.multiplyExact(bytes.length, 2));
    }
    int read = file.read(bytes, filled, bytes.length - filled);
    whole = read < 0;
    filled += Math.max(read, 0);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where the line starts. */
  int start() {
    return start;
  }

  /** Where the line ends, without its newline. */
  int end() {
    return end;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
