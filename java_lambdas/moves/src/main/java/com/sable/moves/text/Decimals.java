package com.sable.moves.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Decimal arithmetic as the legacy server does it: 28 digits, halves to even. */
public final class Decimals {
  /** The precision of every product and quotient. */
  public static final MathContext PRECISION = new MathContext(28, RoundingMode.HALF_EVEN);

  private Decimals() {}

  /**
   * The number with so many decimals, halves away from zero.
   *
   * @throws ArithmeticException where that takes more than 28 digits
   */
  public static BigDecimal halfUp(BigDecimal number, int decimals) {
    BigDecimal rounded = number.setScale(decimals, RoundingMode.HALF_UP);
    if (rounded.precision() > PRECISION.getPrecision()) {
      throw new ArithmeticException(rounded + " has more than 28 digits");
    }
    return rounded;
  }

  /**
   * A double by its exact binary value with so many decimals, halves to even.
   *
   * @throws NumberFormatException where it is not finite
   */
  public static BigDecimal halfEven(double number, int decimals) {
    return new BigDecimal(number).setScale(decimals, RoundingMode.HALF_EVEN);
  }
}
