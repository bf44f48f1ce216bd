package parity.harness;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON text of the border: whole numbers stay whole, and what is written is canonical. */
final class Json {
  private static final int NAMES = 512;
  private static final int NAME_BYTES = 32;
  private static final int LONG_DIGITS = 17;
  private static final int SAFE_POWER = 22;
  private static final double[] POWERS = powers();
  // Names come again and again: the same text is the same String, with its hash known.
  private final String[] names = new String[NAMES];
  private byte[] bytes;
  private int position;
  private int end;
  private boolean referring;

  private static double[] powers() {
    double[] powers = new double[SAFE_POWER + 1];
    for (int i = 0; i <= SAFE_POWER; i++) {
      powers[i] = Double.parseDouble("1e" + i);
    }
    return powers;
  }

  /** The document in {@code text}: null, Boolean, Long, BigInteger, Double, String, List or Map. */
  static Object parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Json().parse(bytes, 0, bytes.length);
  }

  /** The document in a stretch of UTF-8 text. */
  Object parse(byte[] text, int from, int to) {
    bytes = text;
    position = from;
    end = to;
    referring = false;
    Object value = value();
    blanks();
    if (position != end) {
      throw wrong("more text after the document");
    }
    return value;
  }

  /** The document of a whole text; null where there is nothing in it. */
  Object parseOrNull(byte[] text) {
    for (byte next : text) {
      if (next < 0 || next > ' ') {
        return parse(text, 0, text.length);
      }
    }
    return null;
  }

  /** Whether the document that was parsed last has a member called {@code $ref}. */
  boolean isReferring() {
    return referring;
  }

  private Object value() {
    blanks();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    position++;
    blanks();
    if (peek() == '}') {
      position++;
      return members;
    }
    while (true) {
      blanks();
      String name = name();
      blanks();
      expect(':');
      members.put(name, value());
      blanks();
      if (peek() == '}') {
        position++;
        return members;
      }
      expect(',');
    }
  }

  private List<Object> array() {
    List<Object> items = new ArrayList<>();
    position++;
    blanks();
    if (peek() == ']') {
      position++;
      return items;
    }
    while (true) {
      items.add(value());
      blanks();
      if (peek() == ']') {
        position++;
        return items;
      }
      expect(',');
    }
  }

  private String name() {
    if (peek() != '"') {
      throw wrong("expected \"");
    }
    int start = position + 1;
    int hash = 0;
    int most = Math.min(end, start + NAME_BYTES);
    for (int at = start; at < most; at++) {
      byte next = bytes[at];
      if (next == '"') {
        return known(start, at, hash);
      } else if (next < ' ' || next == '\\') {
        break;
      }
      hash = hash * 31 + next;
    }
    String name = string();
    referring |= name.equals("$ref");
    return name;
  }

  private String known(int start, int stop, int hash) {
    position = stop + 1;
    int slot = (hash ^ hash >>> 9) & NAMES - 1;
    String name = names[slot];
    if (name == null || name.hashCode() != hash || !isAt(name, start, stop)) {
      name = new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
      names[slot] = name;
    }
    referring |= stop - start == 4 && name.equals("$ref");
    return name;
  }

  private boolean isAt(String name, int start, int stop) {
    if (name.length() != stop - start) {
      return false;
    }
    for (int i = start; i < stop; i++) {
      if (name.charAt(i - start) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private String string() {
    expect('"');
    int start = position;
    for (int at = start; at < end; at++) {
      byte next = bytes[at];
      if (next == '"') {
        position = at + 1;
        return new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
      } else if (next < ' ' || next == '\\') {
        position = at;
        return escaped(start);
      }
    }
    position = end;
    throw wrong("the text ends too early");
  }

  /** A string in which something is escaped or beyond ASCII. */
  private String escaped(int start) {
    StringBuilder made = new StringBuilder();
    int plain = start;
    while (true) {
      byte next = (byte) peek();
      if (next == '"' || next == '\\') {
        made.append(new String(bytes, plain, position - plain, StandardCharsets.UTF_8));
        position++;
        if (next == '"') {
          return made.toString();
        }
        made.append(escape());
        plain = position;
      } else if (next >= 0 && next < ' ') {
        throw wrong("a control character has to be escaped");
      } else {
        position++;
      }
    }
  }

  private char escape() {
    char code = peek();
    position++;
    return switch (code) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> code;
      case 'u' -> unit();
      default -> throw wrong("no escape is written \\" + code);
    };
  }

  private char unit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      char digit = peek();
      int value = digit < 128 ? Character.digit(digit, 16) : -1;
      if (value < 0) {
        throw wrong("\\u needs four hexadecimal digits");
      }
      unit = unit * 16 + value;
      position++;
    }
    return (char) unit;
  }

  private Object word(String word, Object value) {
    int size = word.length();
    if (end - position < size || !isAt(word, position, position + size)) {
      throw wrong("no JSON word");
    }
    position += size;
    return value;
  }

  private Object number() {
    int start = position;
    boolean minus = bytes[position] == '-';
    if (minus) {
      position++;
    }
    int first = position;
    long digits = digits(0);
    int whole = position - first;
    if (whole == 0 || whole > 1 && bytes[first] == '0') {
      position = start;
      throw wrong("no JSON value");
    }
    if (position == end || !isFraction(bytes[position])) {
      if (whole <= LONG_DIGITS) {
        return minus ? -digits : digits;
      }
      return narrowed(new BigInteger(ascii(start, position)));
    }
    return fraction(start, minus, digits, whole);
  }

  private static boolean isFraction(byte next) {
    return next == '.' || next == 'e' || next == 'E';
  }

  private Double fraction(int start, boolean minus, long before, int count) {
    long digits = before;
    int places = 0;
    if (bytes[position] == '.') {
      position++;
      int from = position;
      digits = digits(digits);
      places = position - from;
      requireDigits(places);
    }
    boolean plain = true;
    if (position < end && (bytes[position] == 'e' || bytes[position] == 'E')) {
      plain = false;
      position++;
      if (position < end && (bytes[position] == '+' || bytes[position] == '-')) {
        position++;
      }
      int from = position;
      digits(0);
      requireDigits(position - from);
    }
    // Both numbers are exact, so one division rounds once: the nearest double.
    if (plain && count + places <= LONG_DIGITS && digits <= 1L << 53 && places <= SAFE_POWER) {
      double made = digits / POWERS[places];
      return minus ? -made : made;
    }
    return Double.valueOf(ascii(start, position));
  }

  private void requireDigits(int count) {
    if (count == 0) {
      throw wrong("no JSON value");
    }
  }

  /** Reads digits; the number is only right for as many as a long holds. */
  private long digits(long before) {
    long number = before;
    while (position < end) {
      int digit = bytes[position] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = number * 10 + digit;
      position++;
    }
    return number;
  }

  private String ascii(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** A Long where the number fits, else the BigInteger. */
  static Object narrowed(BigInteger number) {
    return number.bitLength() < 64 ? (Object) number.longValue() : number;
  }

  private void blanks() {
    while (position < end) {
      byte next = bytes[position];
      if (next > ' ' || next != ' ' && next != '\t' && next != '\n' && next != '\r') {
        return;
      }
      position++;
    }
  }

  private char peek() {
    if (position >= end) {
      throw wrong("the text ends too early");
    }
    return (char) (bytes[position] & 0xff);
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw wrong("expected " + wanted);
    }
    position++;
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(why + " at " + position);
  }

  /** Canonical text: ASCII, no spaces, members in their order, floats as Python writes them. */
  static String write(Object value) {
    Text text = new Text();
    write(value, text);
    return text.toString();
  }

  /** Appends a document as canonical text. */
  static void write(Object value, Text text) {
    if (value == null) {
      text.add("null");
    } else if (value instanceof String string) {
      text.quote(string);
    } else if (value instanceof Long number) {
      text.add((long) number);
    } else if (value instanceof Double number) {
      text.add(Doubles.repr(number));
    } else if (value instanceof Map<?, ?> members) {
      writeMembers(members, text);
    } else if (value instanceof List<?> items) {
      writeItems(items, text);
    } else {
      text.add(value.toString());
    }
  }

  private static void writeMembers(Map<?, ?> members, Text text) {
    char before = '{';
    for (Map.Entry<?, ?> member : members.entrySet()) {
      text.add(before).quote((String) member.getKey()).add(':');
      write(member.getValue(), text);
      before = ',';
    }
    text.add(members.isEmpty() ? "{}" : "}");
  }

  private static void writeItems(List<?> items, Text text) {
    char before = '[';
    for (Object item : items) {
      text.add(before);
      write(item, text);
      before = ',';
    }
    text.add(items.isEmpty() ? "[]" : "]");
  }
}
