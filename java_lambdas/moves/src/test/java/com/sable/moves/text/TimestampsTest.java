package com.sable.moves.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.errors.InvalidTimestamp;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1970-01-01T00:00:00.000Z",
    "-1, 0, 1969-12-31T23:59:59.999Z",
    "1709202600000, 60, 2024-02-29T11:30:00.000+01:00",
    "1709202600000, -570, 2024-02-29T01:00:00.000-09:30",
    "0, 1439, 1970-01-01T23:59:00.000+23:59",
    "-62135596800000, 0, 0001-01-01T00:00:00.000Z",
  })
  void aMomentIsToldInAZone(long milliseconds, int offset, String text) {
    assertEquals(text, Timestamps.text(milliseconds, offset));
  }

  @Test
  void theCalendarEndsWithTheYears1And9999() {
    assertThrows(ArithmeticException.class, () -> Timestamps.text(-62135596800001L, 0));
    assertThrows(ArithmeticException.class, () -> Timestamps.text(253402300799999L, 1));
    assertThrows(ArithmeticException.class, () -> Timestamps.text(Long.MAX_VALUE, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1440, -1440, Integer.MIN_VALUE})
  void anOffsetIsLessThanADay(int offset) {
    assertThrows(IllegalArgumentException.class, () -> Timestamps.text(0, offset));
  }

  @Test
  void digitsDoNotFollowTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals("1970-01-01T01:00:00.000+01:00", Timestamps.text(0, 60));
      assertEquals("1m 05s", Durations.text(65_000));
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00Z, 0",
    "1970-01-01 01:00:00+01:00, 0",
    "1969-12-31T23:59:59.9999Z, -1",
    "1970-01-01T00:00:00.001999 -0000, 1",
    "0001-01-01T00:00+23:59, -62135683140000",
  })
  void aTextWithAZoneSaysAMoment(String text, long milliseconds) {
    assertEquals(milliseconds, Timestamps.parse(" " + text + "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024-02-29",
        "2024-02-29T12:30",
        "2023-02-29T12:30Z",
        "2024-02-29T24:00Z",
        "2024-02-29T12:30:60Z",
        "0000-01-01T00:00Z",
        "2024-02-29T12:30+24:00",
      })
  void whatIsNoTimestampIsRefused(String text) {
    assertThrows(InvalidTimestamp.class, () -> Timestamps.parse(text));
  }

  @Test
  void onlyATextIsATimestamp() {
    assertThrows(InvalidTimestamp.class, () -> Timestamps.parse(5));
    assertThrows(InvalidTimestamp.class, () -> Timestamps.parse(null));
  }
}
