package parity.harness;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Doubles as Python's {@code repr} writes them: the shortest digits that read back. */
final class Doubles {
  // Before JDK 19 Double.toString may give more digits than needed.
  private static final boolean SHORTEST = Runtime.version().feature() >= 19;
  private static final int SAFE_DIGITS = 15;
  private static final long WHOLE = 1_000_000_000_000_000L; // below it, all digits are shown

  private Doubles() {}

  /** Appends the text of a finite double. */
  static void write(double number, Text text) {
    long whole = (long) number;
    if (whole == number && Math.abs(whole) < WHOLE && whole != 0) {
      text.add(whole).add(".0");
    } else {
      text.add(repr(number));
    }
  }

  /** The text of a finite double. */
  static String repr(double number) {
    String text = Double.toString(Math.abs(number));
    int e = text.indexOf('E');
    int exponent = e < 0 ? 0 : Integer.parseInt(text, e + 1, text.length(), 10);
    String mantissa = e < 0 ? text : text.substring(0, e);
    int point = mantissa.indexOf('.');
    String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
    exponent += point;
    int zeros = 0;
    while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
      zeros++;
    }
    digits = trimmed(digits.substring(zeros));
    exponent -= zeros;
    boolean subnormal = Math.abs(number) < Double.MIN_NORMAL;
    if (!SHORTEST && number != 0 && (digits.length() > SAFE_DIGITS || subnormal)) {
      BigDecimal shortest = shortest(Math.abs(number), subnormal ? 1 : SAFE_DIGITS);
      digits = trimmed(shortest.unscaledValue().toString());
      exponent = shortest.precision() - shortest.scale();
    }
    return (number < 0 ? "-" : "") + layout(digits, number == 0 ? 1 : exponent);
  }

  private static String trimmed(String digits) {
    int end = digits.length();
    while (end > 1 && digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, end);
  }

  /** The decimal of fewest digits, at least {@code from}, that reads back as {@code number}. */
  private static BigDecimal shortest(double number, int from) {
    BigDecimal exact = new BigDecimal(number);
    for (int precision = from; precision < 17; precision++) {
      BigDecimal near = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
      if (near.doubleValue() == number) {
        return near;
      }
      // At a power of two the interval is lopsided: the neighbour may read back where the
      // nearest does not.
      BigDecimal step = near.ulp();
      for (BigDecimal other : new BigDecimal[] {near.add(step), near.subtract(step)}) {
        if (other.doubleValue() == number && other.precision() <= precision) {
          return other;
        }
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  /** Digits d1d2… of the number 0.d1d2… × 10^exponent, laid out as Python does. */
  private static String layout(String digits, int exponent) {
    if (exponent > 16 || exponent < -3) {
      int shown = exponent - 1;
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      String power = Math.abs(shown) < 10 ? "0" + Math.abs(shown) : "" + Math.abs(shown);
      return digits.charAt(0) + fraction + "e" + (shown < 0 ? "-" : "+") + power;
    }
    if (exponent <= 0) {
      return "0." + "0".repeat(-exponent) + digits;
    }
    if (digits.length() <= exponent) {
      return digits + "0".repeat(exponent - digits.length()) + ".0";
    }
    return digits.substring(0, exponent) + "." + digits.substring(exponent);
  }
}
