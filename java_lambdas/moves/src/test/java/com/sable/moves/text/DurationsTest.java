package com.sable.moves.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "0.5, 0 ms",
    "1.5, 2 ms",
    "999.5, 1000 ms",
    "1000, 1.00 s",
    "1125, 1.12 s",
    "59999, 60.00 s",
    "60000, 1m 00s",
    "119999.99999999999, 1m 59s",
    "3599999, 59m 59s",
    "3720000, 1h 02m",
    "86400000, 1d 00h",
    "1e17, 1157407407d 09h",
    "4.678654129959665e18, 54151089467d 03h",
    "-90000, -1m 30s",
  })
  void aDurationIsItsTwoLargestParts(double milliseconds, String text) {
    assertEquals(text, Durations.text(milliseconds));
  }

  @Test
  void whatIsNotFiniteIsNoDuration() {
    assertThrows(NumberFormatException.class, () -> Durations.text(Double.NaN));
    assertThrows(NumberFormatException.class, () -> Durations.text(Double.POSITIVE_INFINITY));
  }
}
