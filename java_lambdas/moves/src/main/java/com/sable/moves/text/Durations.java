package com.sable.moves.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/** Durations as text. */
public final class Durations {
  private static final BigInteger SIXTY = BigInteger.valueOf(60);
  private static final BigInteger DAY = BigInteger.valueOf(24);

  private Durations() {}

  /**
   * A duration as its two largest parts: {@code 1h 02m}, {@code 3m 07s}, {@code 4.25 s}, {@code 12
   * ms}.
   */
  public static String text(double milliseconds) {
    if (milliseconds < 0) {
      return "-" + text(-milliseconds);
    } else if (milliseconds < 1000) {
      return Decimals.halfEven(milliseconds, 0) + " ms";
    } else if (milliseconds < 60_000) {
      return Decimals.halfEven(milliseconds / 1000, 2) + " s";
    }
    BigInteger seconds = wholeSeconds(milliseconds);
    BigInteger minutes = seconds.divide(SIXTY);
    BigInteger hours = minutes.divide(SIXTY);
    if (hours.signum() == 0) {
      return parts(minutes, "m", seconds.mod(SIXTY), "s");
    }
    BigInteger days = hours.divide(DAY);
    return days.signum() == 0
        ? parts(hours, "h", minutes.mod(SIXTY), "m")
        : parts(days, "d", hours.mod(DAY), "h");
  }

  // By the remainder, which is exact where a quotient beyond 2^53 is not.
  private static BigInteger wholeSeconds(double milliseconds) {
    return new BigDecimal((milliseconds - milliseconds % 1000) / 1000).toBigInteger();
  }

  private static String parts(BigInteger large, String unit, BigInteger small, String smallUnit) {
    return String.format(Locale.ROOT, "%d%s %02d%s", large, unit, small, smallUnit);
  }
}
