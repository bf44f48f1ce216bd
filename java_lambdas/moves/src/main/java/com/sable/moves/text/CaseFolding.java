package com.sable.moves.text;

import java.util.Locale;

/** Unicode's full case folding, which the JDK lacks. */
final class CaseFolding {
  private static final int DOTLESS_I = 0x131;

  private CaseFolding() {}

  /** The text with all that differs by case only made equal: {@code Straße} is {@code strasse}. */
  static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    text.codePoints().forEach(point -> folded.append(fold(point)));
    return folded.toString();
  }

  // One code point at a time: in a whole text, a final sigma would become another letter.
  private static String fold(int point) {
    if (point == DOTLESS_I) {
      return Character.toString(point);
    } else if (Character.UnicodeScript.of(point) == Character.UnicodeScript.CHEROKEE) {
      return Character.toString(Character.toUpperCase(point)); // folds to its older capitals
    }
    String lower = Character.toString(point).toLowerCase(Locale.ROOT);
    return lower.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
