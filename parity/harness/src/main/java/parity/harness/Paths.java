package parity.harness;

import java.util.regex.Pattern;

/** Normalised JSONPath, and names as Java spells them. */
final class Paths {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Paths() {}

  /** The path of a member of the object at {@code path}. */
  static String member(String path, String name) {
    if (PLAIN.matcher(name).matches()) {
      return path + "." + name;
    }
    String text = Json.write(name);
    String inner = text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("'", "\\'");
    return path + "['" + inner + "']";
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
