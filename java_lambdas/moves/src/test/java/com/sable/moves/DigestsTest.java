package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class DigestsTest {
  private static DigestRecords.Digest digest(List<?>... rows) {
    return new DigestRecords().handleRequest(Map.of("rows", List.of(rows)), null);
  }

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void nothingHasTheDigestOfNothing() {
    assertEquals(new DigestRecords.Digest(EMPTY, 0, 0), digest());
  }

  @Test
  void theOrderOfRowsDoesNotCountAndThatOfPartsDoes() {
    List<?> low = List.of("\uffff", "v", 1);
    List<?> high = List.of("\ud83d\ude00", "v", 2);
    assertEquals(digest(low, high), digest(high, low));
    assertNotEquals(digest(List.of("ab", "c", 1)), digest(List.of("a", "bc", 1)));
  }

  @Test
  void anAbsentValueIsNotAnEmptyOne() {
    assertNotEquals(
        digest(Arrays.asList("k", null, 1)).digest(), digest(List.of("k", "", 1)).digest());
    assertEquals(8, digest(Arrays.asList("k", null, 1)).bytes());
  }

  @Test
  void theNumberOfAWriteIsNotNegativeAndNotMissing() {
    assertThrows(ArithmeticException.class, () -> digest(List.of("k", "v", -1)));
    assertThrows(IllegalArgumentException.class, () -> digest(List.of("k", "v")));
  }

  private static List<String> compare(Map<String, Object> source, Map<String, Object> target) {
    return new CompareCopies().handleRequest(Map.of("source", source, "target", target), null);
  }

  @Test
  void equalCopiesHaveNoDifference() {
    assertEquals(
        List.of(), compare(Map.of("count", 1, "digest", "d"), Map.of("count", 1L, "digest", "d")));
  }

  @Test
  void aFactThatTheSourceDoesNotKnowIsNotCompared() {
    assertEquals(List.of(), compare(Map.of("digest", "d"), Map.of("last_seq", 5, "digest", "d")));
    assertEquals(
        List.of("last_seq: 5 at the source, -"),
        compare(Map.of("last_seq", 5, "digest", "d"), Map.of("digest", "d")));
  }

  @Test
  void theDigestTellsWhatTheFactsDoNot() {
    assertEquals(
        List.of("digest: 0123456789ab at the source, x"),
        compare(Map.of("digest", "0123456789abcdef"), Map.of("digest", "x")));
    assertThrows(NoSuchElementException.class, () -> compare(Map.of(), Map.of("digest", "x")));
  }
}
