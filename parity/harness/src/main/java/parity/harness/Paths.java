package parity.harness;

import java.util.Locale;
import java.util.regex.Pattern;

/** Normalised JSONPath, and names as Java spells them. */
final class Paths {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static final String ESCAPED = "\b\t\n\f\r'\\";
  private static final String ESCAPES = "btnfr'\\";

  private Paths() {}

  /** The path of a member of the object at {@code path}. */
  static String member(String path, String name) {
    if (PLAIN.matcher(name).matches()) {
      return path + "." + name;
    }
    StringBuilder quoted = new StringBuilder(path).append("['");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      int escape = ESCAPED.indexOf(c);
      if (escape >= 0) {
        quoted.append('\\').append(ESCAPES.charAt(escape));
      } else if (c < ' ' || isLone(name, i)) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append("']").toString();
  }

  /** The path of a member by its key in fixture form, as references write it. */
  static String place(String path, Object key) {
    return key instanceof String name ? member(path, name) : path + "[" + Json.write(key) + "]";
  }

  private static boolean isLone(String text, int index) {
    char c = text.charAt(index);
    if (Character.isHighSurrogate(c)) {
      return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
    }
    boolean led = index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    return Character.isLowSurrogate(c) && !led;
  }

  /** {@code target_host} as {@code targetHost}. */
  static String camel(String name) {
    StringBuilder made = new StringBuilder();
    boolean upper = false;
    for (char c : name.toCharArray()) {
      if (c == '_') {
        upper = made.length() > 0;
      } else {
        made.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return made.toString();
  }
}
