package com.sable.moves.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WhitespaceTest {
  @Test
  void thereIsOneSetOfSpace() {
    String all =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .mapToObj(Character::toString)
            .filter(point -> point.matches("[" + Whitespace.CLASS + "]"))
            .reduce("", String::concat);
    assertEquals(29, all.length());
    assertEquals("", Whitespace.strip(all));
    assertEquals("a b", Whitespace.squeeze(all + "a" + all + "b" + all));
  }

  @Test
  void whatIsInvisibleIsNoSpace() {
    assertEquals("\u200b\ufeff", Whitespace.strip(" \u200b\ufeff "));
  }

  @Test
  void aTextOfSpaceIsEmpty() {
    assertEquals("", Whitespace.strip(" \t"));
    assertEquals("", Whitespace.squeeze(" \t"));
  }
}
