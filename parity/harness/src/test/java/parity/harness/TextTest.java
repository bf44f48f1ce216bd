package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  @ParameterizedTest
  @ValueSource(
      longs = {
        0, 9, 10, -1, 99, 100, 999_999_999, 1_000_000_000, 2_147_483_647, 2_147_483_648L,
        -2_147_483_648L, 1_000_000_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE
      })
  void wholeNumbersAreWrittenAsTheyAre(long number) {
    assertEquals(Long.toString(number), new Text().add(number).toString());
  }

  @Test
  void anyWholeNumberIsWrittenAsItIs() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 100_000; i++) {
      long number = random.nextLong() >> random.nextInt(64);
      assertEquals(Long.toString(number), new Text().add(number).toString());
    }
  }

  @Test
  void whatIsNotAsciiIsEscapedWhereverItStands() {
    assertEquals("\"\"", new Text().quote("").toString());
    assertEquals("\"a\\u00e9\\n\\\"\\\\z\"", new Text().quote("a\u00e9\n\"\\z").toString());
    assertEquals("\"\\ud83d\\ude00\"", new Text().quote("\ud83d\ude00").toString());
    assertEquals("\"~\\u007f\\u0000\"", new Text().quote("~\u007f\0").toString());
    String many = "\u20ac".repeat(10_000);
    assertEquals("\"" + "\\u20ac".repeat(10_000) + "\"", new Text().quote(many).toString());
  }

  @Test
  void stretchesAreSortedByTheirText() {
    Text text = new Text().add("[");
    int[] ends = new int[4];
    String[] parts = {"10", "9", "\"a\"", "1"};
    for (int i = 0; i < parts.length; i++) {
      ends[i] = text.add(parts[i]).length();
    }
    text.sort(1, ends, 4);
    assertEquals("[\"a\",1,10,9", text.toString());
  }

  @Test
  void textIsTheSameOnlyIfAllOfItIs() {
    assertTrue(new Text().add("ab").isAs(new Text().add('a').add('b')));
    assertFalse(new Text().add("ab").isAs(new Text().add("abc")));
  }
}
