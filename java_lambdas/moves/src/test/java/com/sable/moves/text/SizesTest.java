package com.sable.moves.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.errors.InvalidSize;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1 KiB",
    "1536, 1.5 KiB",
    "102400, 100 KiB",
    "1048575, 1 MiB",
    "9223372036854775807, 8192 PiB",
    "-1536, -1.5 KiB",
    "-9223372036854775808, -8192 PiB",
  })
  void aSizeHasAtMostTwoDecimals(long size, String text) {
    assertEquals(text, Sizes.text(size));
  }

  @Test
  void halvesAreRoundedUp() {
    assertEquals("1.13 KiB", Sizes.text(1152)); // 1.125
  }

  @Test
  void moreThan28DigitsAreRefused() {
    assertThrows(ArithmeticException.class, () -> Sizes.text(BigInteger.TEN.pow(50)));
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 4096",
    "64 kB, 64000",
    "1.5GiB, 1610612736",
    "0.0009765625KiB, 1",
    "1.9 B, 1",
    "2t, 2000000000000",
    "\u0663.\u0665 KB, 3500",
    "9223372036854775807, 9223372036854775807",
  })
  void aTextSaysASize(String text, long size) {
    assertEquals(size, Sizes.parse(text));
  }

  @Test
  void aNumberIsItself() {
    assertEquals(7, Sizes.parse(7));
    assertEquals(1L << 40, Sizes.parse(1L << 40));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1e3", "1.", "1 iB", "1 XB", "8192 PiB", "9223372036854775808"})
  void whatIsNoSizeIsRefused(String text) {
    assertThrows(InvalidSize.class, () -> Sizes.parse(text));
  }

  @Test
  void otherTypesAndTooLargeNumbersAreRefused() {
    for (Object size : List.of(-1, 1.5, true, List.of(), BigInteger.ONE.shiftLeft(63))) {
      assertThrows(InvalidSize.class, () -> Sizes.parse(size));
    }
    assertThrows(InvalidSize.class, () -> Sizes.parse(null));
  }

  @Test
  void theSignOfTheKelvinIsNoPrefix() {
    assertThrows(IllegalArgumentException.class, () -> Sizes.parse("1 \u212aB"));
  }
}
