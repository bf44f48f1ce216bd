package com.sable.moves.text;

import java.util.Comparator;

/** Texts as sequences of code points, where Java counts and compares UTF-16 units. */
public final class CodePoints {
  /** By code point, which is also the order of the UTF-8 bytes. */
  public static final Comparator<String> ORDER = CodePoints::compare;

  private CodePoints() {}

  /** The first {@code most} code points of a text. */
  public static String first(String text, int most) {
    boolean fits = text.codePointCount(0, text.length()) <= most;
    return fits ? text : text.substring(0, text.offsetByCodePoints(0, most));
  }

  private static int compare(String one, String other) {
    int end = Math.min(one.length(), other.length());
    for (int i = 0; i < end; i++) {
      int left = one.codePointAt(i);
      int right = other.codePointAt(i);
      if (left != right) {
        return Integer.compare(left, right);
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
