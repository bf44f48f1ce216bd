package parity.harness;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** ASCII text that is being written: what crosses the border, without a String in between. */
final class Text {
  private static final int FIRST = 1 << 12;
  private static final int KEPT = 1 << 20;
  private static final int DIGITS = 20;
  private static final int BILLION = 1_000_000_000;
  private static final int BILLION_DIGITS = 9;
  private static final int[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, BILLION
  };
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  // What a character below 128 is escaped by: 0 nothing, 1 \\u, else the letter.
  private static final byte[] ESCAPES = escapes();
  private byte[] bytes = new byte[FIRST];
  private int length;

  private static byte[] escapes() {
    byte[] escapes = new byte[128];
    Arrays.fill(escapes, 0, ' ', (byte) 1);
    escapes[127] = 1;
    String letters = "\"\"\\\\\nn\rr\tt\bb\ff";
    for (int i = 0; i < letters.length(); i += 2) {
      escapes[letters.charAt(i)] = (byte) letters.charAt(i + 1);
    }
    return escapes;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Forgets everything; an array that one large value needed is not kept. */
  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[FIRST];
    }
  }

  /** Takes back what was written after {@code length}. */
  void cut(int length) {
    this.length = length;
  }

  Text add(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /** Appends text that is known to be ASCII and needs no escapes. */
  @SuppressWarnings("deprecation") // the one way to copy ASCII without another array
  Text add(String ascii) {
    int size = ascii.length();
    reserve(size);
    ascii.getBytes(0, size, bytes, length);
    length += size;
    return this;
  }

  Text add(byte[] ascii) {
    return add(ascii, 0, ascii.length);
  }

  Text add(byte[] ascii, int from, int size) {
    reserve(size);
    System.arraycopy(ascii, from, bytes, length, size);
    length += size;
    return this;
  }

  Text add(Text other) {
    return add(other.bytes, 0, other.length);
  }

  Text add(long number) {
    if (number == (int) number && number >= 0) {
      reserve(DIGITS);
      length = whole((int) number, length);
      return this;
    } else if (number == Long.MIN_VALUE) {
      return add("-9223372036854775808");
    }
    if (number < 0) {
      return add('-').add(-number);
    }
    add(number / BILLION);
    reserve(DIGITS);
    padded((int) (number % BILLION), length + BILLION_DIGITS);
    length += BILLION_DIGITS;
    return this;
  }

  /** Writes a number from {@code at} on; gives where it ends. */
  private int whole(int number, int at) {
    int size = 1;
    while (size <= BILLION_DIGITS && number >= POWERS[size]) {
      size++;
    }
    int left = number;
    byte[] into = bytes;
    for (int place = at + size - 1; place >= at; place--) {
      // A division by ten, which the first compiler would really divide for.
      int tenth = (int) (left * 0xCCCC_CCCDL >>> 35);
      into[place] = (byte) ('0' + left - tenth * 10);
      left = tenth;
    }
    return at + size;
  }

  /** Writes nine digits that end at {@code end}. */
  private void padded(int number, int end) {
    int left = number;
    for (int place = end - 1; place >= end - BILLION_DIGITS; place--) {
      int tenth = (int) (left * 0xCCCC_CCCDL >>> 35);
      bytes[place] = (byte) ('0' + left - tenth * 10);
      left = tenth;
    }
  }

  /** Appends a number of {@code count} digits, with a point after the first {@code point}. */
  void addSplit(long digits, int count, int point) {
    int start = length;
    add(digits);
    if (point < count) {
      System.arraycopy(bytes, start + point, bytes, start + point + 1, count - point);
      bytes[start + point] = '.';
      length++;
    }
  }

  /** Appends a JSON string. */
  Text quote(String string) {
    int size = string.length();
    reserve(size + 2);
    byte[] into = bytes;
    int at = length;
    into[at++] = '"';
    for (int i = 0; i < size; i++) {
      char c = string.charAt(i);
      if (c >= 128 || ESCAPES[c] != 0) {
        length = at;
        quoteRest(string, i);
        return this;
      }
      into[at++] = (byte) c;
    }
    into[at++] = '"';
    length = at;
    return this;
  }

  private void quoteRest(String string, int from) {
    int size = string.length();
    for (int i = from; i < size; i++) {
      reserve(size - i + 7);
      char c = string.charAt(i);
      int escape = c < 128 ? ESCAPES[c] : 1;
      if (escape == 0) {
        bytes[length++] = (byte) c;
      } else {
        escape(c, escape);
      }
    }
    bytes[length++] = '"';
  }

  private void escape(char c, int escape) {
    bytes[length++] = '\\';
    if (escape != 1) {
      bytes[length++] = (byte) escape;
      return;
    }
    bytes[length++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[c >> shift & 15];
    }
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length << 1));
    }
  }

  /** A copy of what was written. */
  byte[] copied() {
    return Arrays.copyOf(bytes, length);
  }

  /** The text from {@code from} on. */
  String from(int from) {
    return new String(bytes, from, length - from, StandardCharsets.US_ASCII);
  }

  /**
   * Puts stretches that follow one another in the order of their text, with commas between them.
   *
   * @param ends where each ends; the first starts at {@code from}
   */
  void sort(int from, int[] ends, int count) {
    byte[][] parts = new byte[count][];
    int start = from;
    for (int i = 0; i < count; i++) {
      parts[i] = Arrays.copyOfRange(bytes, start, ends[i]);
      start = ends[i];
    }
    Arrays.sort(parts, Arrays::compare);
    length = from;
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        add(',');
      }
      add(parts[i]);
    }
  }

  /** Whether other text is the same. */
  boolean isAs(Text other) {
    return Arrays.equals(bytes, 0, length, other.bytes, 0, other.length);
  }

  @Override
  public String toString() {
    return from(0);
  }
}
