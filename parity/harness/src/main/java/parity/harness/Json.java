package parity.harness;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON text of the border: whole numbers stay whole, and what is written is canonical. */
final class Json {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][+-]?[0-9]++)?");
  private final String text;
  private int position;

  private Json(String text) {
    this.text = text;
  }

  /** The document in {@code text}: null, Boolean, Long, BigInteger, Double, String, List or Map. */
  static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.blanks();
    if (json.position != text.length()) {
      throw json.wrong("more text after the document");
    }
    return value;
  }

  private Object value() {
    blanks();
    char first = peek();
    return switch (first) {
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
      String name = string();
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

  private String string() {
    expect('"');
    int start = position;
    while (peek() != '"') {
      if (text.charAt(position) == '\\') {
        return escaped(start);
      }
      refuseControl();
      position++;
    }
    return text.substring(start, position++);
  }

  private String escaped(int start) {
    StringBuilder made = new StringBuilder(text.substring(start, position));
    while (true) {
      char next = peek();
      refuseControl();
      position++;
      if (next == '"') {
        return made.toString();
      }
      made.append(next == '\\' ? escape() : next);
    }
  }

  private void refuseControl() {
    if (text.charAt(position) < ' ') {
      throw wrong("a control character has to be escaped");
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
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw wrong("\\u needs four hexadecimal digits");
      }
      unit = unit * 16 + digit;
      position++;
    }
    return (char) unit;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, position)) {
      throw wrong("no JSON word");
    }
    position += word.length();
    return value;
  }

  private Object number() {
    Matcher number = NUMBER.matcher(text).region(position, text.length());
    if (!number.lookingAt()) {
      throw wrong("no JSON value");
    }
    position = number.end();
    String digits = number.group();
    if (number.start(1) >= 0 || number.start(2) >= 0) {
      return Double.valueOf(digits);
    }
    if (digits.length() < 18) {
      return Long.valueOf(digits);
    }
    return narrowed(new BigInteger(digits));
  }

  /** A Long where the number fits, else the BigInteger. */
  static Object narrowed(BigInteger number) {
    return number.bitLength() < 64 ? (Object) number.longValue() : number;
  }

  private void blanks() {
    while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private char peek() {
    if (position >= text.length()) {
      throw wrong("the text ends too early");
    }
    return text.charAt(position);
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
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(Object value, StringBuilder text) {
    if (value == null || value instanceof Boolean || value instanceof Long) {
      text.append(value);
    } else if (value instanceof String string) {
      quote(string, text);
    } else if (value instanceof Double number) {
      text.append(Doubles.repr(number));
    } else if (value instanceof Map<?, ?> members) {
      writeMembers(members, text);
    } else if (value instanceof List<?> items) {
      writeItems(items, text);
    } else {
      text.append(value);
    }
  }

  private static void writeMembers(Map<?, ?> members, StringBuilder text) {
    char before = '{';
    for (Map.Entry<?, ?> member : members.entrySet()) {
      text.append(before);
      quote((String) member.getKey(), text);
      text.append(':');
      write(member.getValue(), text);
      before = ',';
    }
    text.append(members.isEmpty() ? "{}" : "}");
  }

  private static void writeItems(List<?> items, StringBuilder text) {
    char before = '[';
    for (Object item : items) {
      text.append(before);
      write(item, text);
      before = ',';
    }
    text.append(items.isEmpty() ? "[]" : "]");
  }

  private static void quote(String string, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < ' ' || c > '~') {
            text.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              text.append(Character.forDigit(c >> shift & 15, 16));
            }
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
