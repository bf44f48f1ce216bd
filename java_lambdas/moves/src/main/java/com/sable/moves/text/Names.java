package com.sable.moves.text;

import com.sable.moves.errors.InvalidName;
import java.text.Normalizer;
import java.util.regex.Pattern;

/** Names of endpoints and hosts. */
public final class Names {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_.\\-]{0,63}");

  private Names() {}

  /** The one spelling under which a name is kept: NFC, without outer spaces. */
  public static String canonical(String text) {
    String name = Normalizer.normalize(Whitespace.strip(text), Normalizer.Form.NFC);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidName(
          "`%s` is not a name: up to 64 letters, digits, `.`, `-`, `_`".formatted(text));
    }
    return name;
  }
}
