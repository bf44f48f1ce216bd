package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoublesTest {
  // The right column is what Python's repr says.
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "100.0, 100.0",
    "1.0E16, 1e+16",
    "9999999999999998.0, 9999999999999998.0",
    "1.0E-4, 0.0001",
    "1.0E-5, 1e-05",
    "2.0E-3, 0.002",
    "1.2345678901234567E19, 1.2345678901234567e+19",
    "2.2250738585072014E-308, 2.2250738585072014e-308",
    "4.9E-324, 5e-324",
    "1.7976931348623157E308, 1.7976931348623157e+308",
    "2.0E23, 2e+23",
    "-3.5, -3.5",
    "9.9E-324, 1e-323",
    "5.9E-323, 6e-323",
    "0.30000000000000004, 0.30000000000000004",
    "5.0E-5, 5e-05",
    "-1.25E-4, -0.000125",
    "1.0E15, 1000000000000000.0",
    "9.0071992547409925E15, 9007199254740992.0",
    "-123456789012345.0, -123456789012345.0",
    "8.41E21, 8.41e+21",
    "9.5367431640625E-7, 9.5367431640625e-07",
    "2.98023223876953125E-8, 2.9802322387695312e-08"
  })
  void aDoubleIsWrittenAsPythonWritesIt(double number, String repr) {
    assertEquals(repr, Doubles.repr(number));
  }

  @Test
  void whatIsWrittenReadsBackToTheSameBits() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 200_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        assertEquals(number, Double.parseDouble(Doubles.repr(number)));
      }
    }
  }

  @Test
  void noFewerDigitsReadBackAndNoneOfAsManyIsNearer() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 30_000; i++) {
      long bits = random.nextLong();
      double number =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(bits);
            case 1 -> Double.longBitsToDouble(bits & 0xfffffffffffffL >>> i % 52); // subnormal
            case 2 -> Math.scalb(1.0, (int) (bits % 1070)); // lopsided
            default -> Math.rint(random.nextDouble() * 1e6) / 1e3;
          };
      if (Double.isFinite(number) && number != 0) {
        assertShortest(Math.abs(number));
      }
    }
  }

  private static void assertShortest(double number) {
    BigDecimal written = new BigDecimal(Doubles.repr(number)).stripTrailingZeros();
    BigDecimal exact = new BigDecimal(number);
    int digits = written.precision();
    assertEquals(number, written.doubleValue());
    assertTrue(candidates(exact, digits - 1, number).isEmpty(), () -> "shorter: " + number);
    BigDecimal away = written.subtract(exact).abs();
    for (BigDecimal other : candidates(exact, digits, number)) {
      assertTrue(away.compareTo(other.subtract(exact).abs()) <= 0, () -> "nearer: " + number);
    }
  }

  /** The decimals of so many digits next to a number that read back as it. */
  private static List<BigDecimal> candidates(BigDecimal exact, int digits, double number) {
    if (digits == 0) {
      return List.of();
    }
    BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
    return Stream.of(down, down.add(down.ulp())).filter(d -> d.doubleValue() == number).toList();
  }
}
