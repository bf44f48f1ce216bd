package com.sable.moves;

import com.sable.moves.errors.InvalidField;
import java.math.BigInteger;
import java.util.Map;

/** Members of what callers send, with the error that names the one that is wrong. */
final class Bodies {
  private Bodies() {}

  static String text(Map<String, Object> body, String field) {
    if (body.get(field) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new InvalidField("`%s` is a text".formatted(field));
  }

  /** A number of 32 bits; numbers are cut, texts are read. */
  static int number(Map<String, Object> body, String field, int otherwise) {
    BigInteger number = Listing.whole(body.getOrDefault(field, otherwise), field);
    if (number.bitLength() >= Integer.SIZE) {
      throw new InvalidField("`%s` is too large: %s".formatted(field, number));
    }
    return number.intValueExact();
  }

  /** The {@code percentile} that is asked for. */
  static double share(Map<String, Object> body) {
    Object given = body.getOrDefault("percentile", 50);
    double share = given instanceof Number number ? number.doubleValue() : read(given);
    if (!(share >= 0 && share <= 100)) {
      throw new InvalidField(share + " is not a percentage");
    }
    return share;
  }

  private static double read(Object given) {
    try {
      return Double.parseDouble((String) given);
    } catch (NumberFormatException | ClassCastException error) {
      throw new InvalidField("`percentile` is a number, not `%s`".formatted(given));
    }
  }
}
