package com.sable.moves.text;

import com.sable.moves.errors.InvalidSize;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes, as text and back. */
public final class Sizes {
  private static final Pattern SIZE =
      Pattern.compile(
          "[S]*(\\p{Nd}+(?:\\.\\p{Nd}+)?)[S]*([KMGTP]?)(i?)B?[S]*".replace("S", Whitespace.CLASS),
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  private static final String PREFIXES = "KMGTP";
  private static final BigInteger BINARY = BigInteger.valueOf(1024);
  private static final BigInteger DECIMAL = BigInteger.valueOf(1000);

  private Sizes() {}

  /** A size in bytes as text of at most two decimals: {@code 1.5 GiB}. */
  public static String text(BigInteger size) {
    if (size.signum() < 0) {
      return "-" + text(size.negate());
    } else if (size.compareTo(BINARY) < 0) {
      return size + " B";
    }
    int power = Math.min((size.bitLength() - 1) / 10, PREFIXES.length());
    BigDecimal unit = new BigDecimal(BINARY.pow(power));
    BigDecimal scaled = Decimals.halfUp(new BigDecimal(size).divide(unit, Decimals.PRECISION), 2);
    if (scaled.compareTo(new BigDecimal(BINARY)) >= 0 && power < PREFIXES.length()) {
      scaled = BigDecimal.ONE;
      power++;
    }
    String number = scaled.stripTrailingZeros().toPlainString();
    return number + " " + PREFIXES.charAt(power - 1) + "iB";
  }

  /** A size in bytes as text of at most two decimals: {@code 1.5 GiB}. */
  public static String text(long size) {
    return text(BigInteger.valueOf(size));
  }

  /**
   * The bytes that a whole number or a text says: {@code 2GiB}, {@code 1.5 kB}, {@code 4096}; less
   * than 8 EiB.
   */
  public static long parse(Object size) {
    if (size instanceof Integer || size instanceof Long) {
      long number = ((Number) size).longValue();
      if (number >= 0) {
        return number;
      }
    }
    Matcher found = SIZE.matcher(size instanceof String text ? text : "");
    if (!found.matches()) {
      throw new InvalidSize(
          "`%s` is not a size: write `4096`, `64 kB` or `1.5 GiB`".formatted(size));
    }
    return bytes(found);
  }

  private static long bytes(Matcher found) {
    String prefix = found.group(2);
    boolean binary = !found.group(3).isEmpty();
    if (binary && prefix.isEmpty()) {
      throw new InvalidSize(
          "`%s` is not a size: `i` needs one of %s before it".formatted(found.group(), PREFIXES));
    }
    BigInteger unit = (binary ? BINARY : DECIMAL).pow(power(prefix));
    BigInteger size =
        new BigDecimal(inAscii(found.group(1)))
            .multiply(new BigDecimal(unit), Decimals.PRECISION)
            .toBigInteger();
    if (size.bitLength() >= Long.SIZE) {
      throw new InvalidSize("`%s` is more than any host has".formatted(found.group()));
    }
    return size.longValue();
  }

  private static int power(String prefix) {
    if (prefix.isEmpty()) {
      return 0;
    }
    int index = PREFIXES.indexOf(Character.toUpperCase(prefix.charAt(0)));
    if (index < 0) { // the sign of the unit kelvin: the pattern takes it for a K
      throw new IllegalArgumentException("no prefix: " + prefix);
    }
    return index + 1;
  }

  private static String inAscii(String number) {
    StringBuilder ascii = new StringBuilder(number.length());
    number
        .codePoints()
        .forEach(point -> ascii.append(point == '.' ? "." : Character.digit(point, 10)));
    return ascii.toString();
  }
}
