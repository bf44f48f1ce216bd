package server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Texts that people see. */
public final class Text {
  private static final Pattern CODE = Pattern.compile("[A-Z]{2}-[0-9]+");

  private Text() {}

  /** The text in at most {@code width} characters. */
  public static String headline(String text, int width) {
    if (width < 1) {
      throw new IllegalArgumentException("a width of " + width);
    }
    if (text.codePointCount(0, text.length()) <= width) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  /** The text backwards. */
  public static String mirror(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  /** Whether two names are the same but for upper and lower case. */
  public static boolean sameName(String one, String other) {
    return folded(one).equals(folded(other));
  }

  private static String folded(String name) {
    return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** The fields of a line, empty ones too. */
  public static List<String> fields(String line) {
    return Arrays.asList(line.split(",", -1));
  }

  /** Whether a text is the code of an article. */
  public static boolean isCode(String text) {
    return CODE.matcher(text).matches();
  }
}
