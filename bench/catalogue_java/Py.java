package catalogue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/** What Python's operators and built-ins do, for Java texts that call them by name. */
public final class Py {
  private static final int DOUBLE_BITS = 53;
  private static final int SMALLEST_EXPONENT = -1074;
  private static final int MOST_EXACT = 1024;
  private static final MathContext EXACTLY = new MathContext(60);
  private static final String BLANKS =
      "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004"
          + "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

  private Py() {}

  /** Refuses a value, as Python's ValueError does. */
  public static <T> T fail() {
    throw new IllegalArgumentException("invalid literal");
  }

  // ------------------------------------------------------------ numbers

  /** {@code a % b}: the sign of the divisor. */
  public static double mod(double a, double b) {
    if (b == 0) {
      throw new ArithmeticException("float modulo by zero");
    }
    double rest = a % b;
    if (rest == 0) {
      return Math.copySign(0.0, b);
    }
    return b < 0 != rest < 0 ? rest + b : rest;
  }

  /** {@code a % b} of whole numbers. */
  public static long mod(long a, long b) {
    return Math.floorMod(a, b);
  }

  /** {@code a % b} of whole numbers of any size. */
  public static BigInteger mod(BigInteger a, BigInteger b) {
    BigInteger rest = a.remainder(b);
    return rest.signum() != 0 && rest.signum() != b.signum() ? rest.add(b) : rest;
  }

  /** {@code a / b} of whole numbers: the double that is nearest to the quotient, ties to even. */
  public static double div(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    if (a.signum() == 0) {
      return b.signum() < 0 ? -0.0 : 0.0;
    }
    BigInteger above = a.abs();
    BigInteger below = b.abs();
    int scale = above.bitLength() - below.bitLength() - DOUBLE_BITS - 2;
    scale = Math.max(scale, SMALLEST_EXPONENT - 2);
    BigInteger[] parts =
        above
            .shiftLeft(Math.max(0, -scale))
            .divideAndRemainder(below.shiftLeft(Math.max(0, scale)));
    int surplus =
        Math.max(parts[0].bitLength() - DOUBLE_BITS, Math.max(0, SMALLEST_EXPONENT - scale));
    BigInteger kept = halfEven(parts[0], surplus, parts[1].signum() != 0);
    double quotient = Math.scalb(kept.doubleValue(), scale + surplus);
    if (Double.isInfinite(quotient)) {
      throw new ArithmeticException("integer division result too large for a float");
    }
    return a.signum() == b.signum() ? quotient : -quotient;
  }

  /** {@code a / b} of whole numbers. */
  public static double div(long a, long b) {
    return div(BigInteger.valueOf(a), BigInteger.valueOf(b));
  }

  private static BigInteger halfEven(BigInteger number, int dropped, boolean more) {
    BigInteger kept = number.shiftRight(dropped);
    if (dropped == 0 || !number.testBit(dropped - 1)) {
      return kept;
    }
    boolean tie = !more && number.getLowestSetBit() == dropped - 1;
    return tie && !kept.testBit(0) ? kept : kept.add(BigInteger.ONE);
  }

  /**
   * {@code a ** b} of floats; a result that is no real number has no counterpart and is refused.
   */
  public static double pow(double a, double b) {
    if (a == 1 || (a == -1 && Double.isInfinite(b))) {
      return 1.0;
    }
    if (a == 0 && b < 0) {
      throw new ArithmeticException("0.0 cannot be raised to a negative power");
    }
    if (a < 0 && !Double.isInfinite(a) && !Double.isInfinite(b) && b != Math.rint(b)) {
      throw new UnsupportedOperationException("the result is a complex number");
    }
    double power = wholePower(a, b);
    if (Double.isInfinite(power) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw new ArithmeticException("numerical result out of range");
    }
    return power;
  }

  /** Math.pow, but nearest to the exact power where the exponent is a small whole number. */
  private static double wholePower(double a, double b) {
    boolean special = a == 0 || Double.isNaN(a) || Double.isInfinite(a);
    if (special || b != Math.rint(b) || Math.abs(b) > MOST_EXACT) {
      return Math.pow(a, b);
    }
    BigDecimal power = new BigDecimal(a).pow((int) Math.abs(b), EXACTLY);
    return (b < 0 ? BigDecimal.ONE.divide(power, EXACTLY) : power).doubleValue();
  }

  /** {@code a >> b}, by any number of places. */
  public static long shr(long a, long b) {
    if (b < 0) {
      throw new IllegalArgumentException("negative shift count");
    }
    return a >> Math.min(b, Long.SIZE - 1);
  }

  /** {@code round(a, digits)}: of the exact binary value, ties to even. */
  public static double round(double a, int digits) {
    int most = (int) ((DOUBLE_BITS - Double.MIN_EXPONENT + 1) * 0.30103);
    int least = -(int) ((Double.MAX_EXPONENT + 2) * 0.30103);
    if (Double.isNaN(a) || Double.isInfinite(a) || digits > most) {
      return a;
    }
    if (digits < least) {
      return 0.0 * a;
    }
    double rounded = new BigDecimal(a).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    if (Double.isInfinite(rounded)) {
      throw new ArithmeticException("rounded value too large to represent");
    }
    return Math.copySign(rounded, a);
  }

  /** {@code round(a)}: a whole number, ties to even. */
  public static BigInteger round(double a) {
    if (Double.isNaN(a)) {
      return fail();
    }
    if (Double.isInfinite(a)) {
      throw new ArithmeticException("cannot convert float infinity to integer");
    }
    return new BigDecimal(a).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
  }

  /** {@code str(a)}: the shortest digits that read back as the same double. */
  public static String str(double a) {
    if (Double.isNaN(a)) {
      return "nan";
    }
    if (Double.isInfinite(a)) {
      return a > 0 ? "inf" : "-inf";
    }
    String sign = Math.copySign(1.0, a) < 0 ? "-" : "";
    if (a == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = shortest(new BigDecimal(Math.abs(a))).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    if (exponent < -4 || exponent >= 16) {
      String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
      String places = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
      return sign + digits.charAt(0) + rest + "e" + (exponent < 0 ? "-" : "+") + places;
    }
    String plain = shortest.toPlainString();
    return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
  }

  /** Of the shortest decimals that read back as the same double, the one nearest to it. */
  private static BigDecimal shortest(BigDecimal exact) {
    double wanted = exact.doubleValue();
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
      BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
      boolean downReads = down.doubleValue() == wanted;
      boolean upReads = up.doubleValue() == wanted;
      if (downReads && upReads) {
        return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      } else if (downReads || upReads) {
        return downReads ? down : up;
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  // ------------------------------------------------------------ sequences

  /** {@code items[index]}. */
  public static <T> T at(List<T> items, int index) {
    return items.get(index < 0 ? index + items.size() : index);
  }

  /** {@code text[index]}, by code point. */
  public static String at(String text, int index) {
    return Character.toString(at(points(text), index));
  }

  /** {@code items[start:end]}: a new list. */
  public static <T> List<T> slice(List<T> items, int start, int end) {
    int from = clamped(start, items.size());
    return new ArrayList<>(items.subList(from, Math.max(from, clamped(end, items.size()))));
  }

  /** {@code text[start:end]}, by code point. */
  public static String slice(String text, int start, int end) {
    return joined(slice(points(text), start, end));
  }

  private static int clamped(int index, int size) {
    int counted = index < 0 ? index + size : index;
    return Math.min(Math.max(counted, 0), size);
  }

  /** {@code items[::-1]}. */
  public static <T> List<T> reversed(List<T> items) {
    List<T> reversed = new ArrayList<>(items);
    Collections.reverse(reversed);
    return reversed;
  }

  /** {@code text[::-1]}, by code point. */
  public static String reversed(String text) {
    return joined(reversed(points(text)));
  }

  /** {@code max(items)}: the first of those that nothing exceeds. */
  public static <T extends Comparable<? super T>> T max(List<T> items) {
    if (items.isEmpty()) {
      throw new NoSuchElementException("max() arg is an empty sequence");
    }
    T most = items.get(0);
    for (T item : items.subList(1, items.size())) {
      Objects.requireNonNull(most);
      most = exceeds(item, most) ? item : most;
    }
    return most;
  }

  private static <T extends Comparable<? super T>> boolean exceeds(T one, T other) {
    if (one instanceof Double number && other instanceof Double least) {
      return number.doubleValue() > least.doubleValue();
    }
    if (one instanceof String text && other instanceof String than) {
      int[] points = text.codePoints().toArray();
      return java.util.Arrays.compare(points, than.codePoints().toArray()) > 0;
    }
    return one.compareTo(other) > 0;
  }

  // ------------------------------------------------------------ texts

  /** {@code text.split()}: at runs of white space, none at the ends. */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean blank = i == text.length() || BLANKS.indexOf(text.charAt(i)) >= 0;
      if (blank && start >= 0) {
        words.add(text.substring(start, i));
        start = -1;
      } else if (!blank && start < 0) {
        start = i;
      }
    }
    return words;
  }

  /** {@code text.split(separator)}: a literal separator, empty parts kept. */
  public static List<String> split(String text, String separator) {
    if (separator.isEmpty()) {
      return fail();
    }
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
      parts.add(text.substring(start, at));
      start = at + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** {@code text.count(part)}: occurrences that do not overlap. */
  public static long count(String text, String part) {
    return part.isEmpty()
        ? text.codePointCount(0, text.length()) + 1L
        : split(text, part).size() - 1L;
  }

  /** {@code text * times}. */
  public static String repeat(String text, int times) {
    return text.repeat(Math.max(0, times));
  }

  private static List<Integer> points(String text) {
    return new ArrayList<>(text.codePoints().boxed().toList());
  }

  private static String joined(List<Integer> points) {
    StringBuilder text = new StringBuilder();
    points.forEach(text::appendCodePoint);
    return text.toString();
  }
}
