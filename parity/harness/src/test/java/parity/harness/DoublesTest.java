package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
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
    "-3.5, -3.5"
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
}
