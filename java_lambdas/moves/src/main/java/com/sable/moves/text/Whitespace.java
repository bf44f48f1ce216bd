package com.sable.moves.text;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What counts as space: all that Unicode calls so, and the four separators U+001C to U+001F.
 * Neither {@link String#strip} nor {@code \s} of {@link Pattern}, with or without its flags, is
 * that set.
 */
public final class Whitespace {
  /** The members of a character class that holds all space. */
  public static final String CLASS = "\\s\\x1c-\\x1f\\x85\\p{Z}";

  private static final char NEXT_LINE = 0x85;
  private static final Pattern SPACE = Pattern.compile("[" + CLASS + "]+");

  private Whitespace() {}

  /** The text without space at its ends. */
  public static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** The words of a text with one space between them. */
  public static String squeeze(String text) {
    return Arrays.stream(SPACE.split(text))
        .filter(Predicate.not(String::isEmpty))
        .collect(Collectors.joining(" "));
  }

  private static boolean isSpace(char unit) {
    return Character.isWhitespace(unit) || Character.isSpaceChar(unit) || unit == NEXT_LINE;
  }
}
