package parity.harness;

import java.math.BigInteger;

/**
 * Doubles as Python's {@code repr} writes them: the shortest digits that read back, and of those
 * the nearest.
 *
 * <p>The digits are found as in Raffaello Giulietti, "The Schubfach way to render doubles" (2021),
 * the method of the JDK from 19 on; older ones give more digits than are needed, and newer ones two
 * where one is enough.
 */
final class Doubles {
  private static final int MANTISSA = 52;
  private static final int LEAST_POWER = -1074; // of two
  private static final long LEAST_NORMAL = 1L << MANTISSA;
  private static final long LOW_63 = Long.MAX_VALUE;
  private static final int LEAST = -324; // power of ten that a double needs
  private static final int MOST = 292;
  private static final long WHOLE = 1_000_000_000_000_000L; // below it, all digits are shown
  private static final int LONGEST = 17;
  private static final int MOST_PLAIN = 16;
  private static final int LEAST_PLAIN = -3;

  // 10**-k as 126 bits in two longs, worked out when it is needed first; a high half is never 0.
  private static final long[] HIGH = new long[MOST - LEAST + 1];
  private static final long[] LOW = new long[MOST - LEAST + 1];

  private Doubles() {}

  /** The text of a finite double. */
  static String repr(double number) {
    Text text = new Text();
    write(number, text);
    return text.toString();
  }

  /** Appends the text of a finite double. */
  static void write(double number, Text text) {
    long whole = (long) number;
    if (whole == number && whole < WHOLE && whole > -WHOLE) {
      text.add(whole).add(".0");
      return;
    }
    long bits = Double.doubleToRawLongBits(number);
    if (bits < 0) {
      text.add('-');
    }
    int exponent = (int) (bits >>> MANTISSA) & 0x7ff;
    long fraction = bits & LEAST_NORMAL - 1;
    if (exponent == 0) {
      shortest(LEAST_POWER, fraction, text);
    } else {
      shortest(LEAST_POWER - 1 + exponent, LEAST_NORMAL | fraction, text);
    }
  }

  /** Appends the shortest decimal of {@code c * 2**q}. */
  private static void shortest(int q, long c, Text text) {
    long odd = c & 1;
    boolean even = c != LEAST_NORMAL || q == LEAST_POWER; // the neighbours are equally far
    int k = even ? tens(q) : tensOfThreeQuarters(q);
    int shift = q + twos(-k) + 2;
    long high = high(k);
    long low = LOW[k - LEAST];
    long four = c << 2;
    long value = scaled(high, low, four << shift);
    long least = scaled(high, low, four - (even ? 2 : 1) << shift);
    long most = scaled(high, low, four + 2 << shift);
    long digits = value >> 2;
    if (digits >= 10) {
      long down = digits / 10 * 10;
      boolean downFits = least + odd <= down << 2;
      boolean upFits = (down + 10 << 2) + odd <= most;
      if (downFits != upFits) {
        layout(downFits ? down : down + 10, k, text);
        return;
      }
    }
    boolean downFits = least + odd <= digits << 2;
    boolean upFits = (digits + 1 << 2) + odd <= most;
    long middle = value - (digits + digits + 1 << 1);
    boolean downNearer = middle < 0 || middle == 0 && (digits & 1) == 0;
    boolean down = downFits == upFits ? downNearer : downFits;
    layout(down ? digits : digits + 1, k, text);
  }

  /** A product, rounded to odd. */
  private static long scaled(long high, long low, long number) {
    long carried = Math.multiplyHigh(low, number);
    long bottom = high * number;
    long top = Math.multiplyHigh(high, number);
    long middle = (bottom >>> 1) + carried;
    long sum = top + (middle >>> 63);
    return sum | (middle & LOW_63) + LOW_63 >>> 63;
  }

  /** The whole part of log10 of {@code 2**e}. */
  private static int tens(int e) {
    return (int) (e * 661_971_961_083L >> 41);
  }

  /** The whole part of log10 of {@code 3/4 * 2**e}. */
  private static int tensOfThreeQuarters(int e) {
    return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
  }

  /** The whole part of log2 of {@code 10**e}. */
  private static int twos(int e) {
    return (int) (e * 913_124_641_741L >> 38);
  }

  private static long high(int k) {
    int index = k - LEAST;
    if (HIGH[index] == 0) {
      int shift = 125 - twos(-k);
      BigInteger ten = BigInteger.TEN.pow(Math.abs(k));
      BigInteger power =
          k > 0
              ? BigInteger.ONE.shiftLeft(shift).divide(ten)
              : shift > 0 ? ten.shiftLeft(shift) : ten.shiftRight(-shift);
      BigInteger above = power.add(BigInteger.ONE);
      LOW[index] = above.longValue() & LOW_63;
      HIGH[index] = above.shiftRight(63).longValue();
    }
    return HIGH[index];
  }

  /** Appends {@code digits * 10**k} as Python lays it out. */
  private static void layout(long digits, int k, Text text) {
    long left = digits;
    int power = k;
    while (left % 10 == 0) {
      left /= 10;
      power++;
    }
    int count = length(left);
    int point = count + power; // where it is, counted from the first digit
    if (point > MOST_PLAIN || point < LEAST_PLAIN) {
      text.addSplit(left, count, 1);
      int shown = point - 1;
      text.add(shown < 0 ? "e-" : "e+");
      if (Math.abs(shown) < 10) {
        text.add('0');
      }
      text.add(Math.abs(shown));
    } else if (point <= 0) {
      text.add("0.").add("000".substring(0, -point)).add(left);
    } else if (count <= point) {
      text.add(left).add("0000000000000000".substring(0, point - count)).add(".0");
    } else {
      text.addSplit(left, count, point);
    }
  }

  private static int length(long digits) {
    int count = 1;
    for (long power = 10; count <= LONGEST && digits >= power; power *= 10) {
      count++;
    }
    return count;
  }
}
