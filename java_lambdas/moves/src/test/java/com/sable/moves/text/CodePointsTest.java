package com.sable.moves.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CodePointsTest {
  @Test
  void theOrderIsThatOfCodePointsNotOfUtf16Units() {
    assertTrue(CodePoints.ORDER.compare("\ufffd", "\ud83d\ude00") < 0);
    assertTrue("\ufffd".compareTo("\ud83d\ude00") > 0);
  }

  @Test
  void aPrefixComesBeforeTheWhole() {
    assertTrue(CodePoints.ORDER.compare("a", "ab") < 0);
    assertEquals(0, CodePoints.ORDER.compare("ab", "ab"));
  }

  @Test
  void aCutNeverSplitsACharacter() {
    assertEquals("a\ud83d\ude00", CodePoints.first("a\ud83d\ude00b", 2));
    assertEquals("ab", CodePoints.first("ab", 5));
  }
}
