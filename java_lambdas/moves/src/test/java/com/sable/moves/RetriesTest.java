package com.sable.moves;

import static com.sable.moves.Retries.Decision.GIVE_UP;
import static com.sable.moves.Retries.Decision.LOOK_UP;
import static com.sable.moves.Retries.Decision.RETRY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 25", "2, 50", "6, 800", "7, 1000", "1000000, 1000"})
  void aWaitIsDoubledUpToACeiling(long attempt, long milliseconds) {
    assertEquals(milliseconds, new WaitMs().handleRequest(Map.of("attempt", attempt), null));
  }

  @Test
  void doublingNeverOverflows() {
    assertEquals(1000, Retries.waitMs(100, Long.MAX_VALUE, 1000, ""));
  }

  @Test
  void theSaltTakesUpToHalf() {
    for (int attempt = 1; attempt < 50; attempt++) {
      long wait = Retries.waitMs(attempt, 100, 100, "orders");
      assertTrue(wait > 50 && wait <= 100, attempt + ": " + wait);
    }
    assertNotEquals(Retries.waitMs(3, 1000, 1000, "a"), Retries.waitMs(3, 1000, 1000, "b"));
  }

  @ParameterizedTest
  @CsvSource({
    "copy, Fenced, 1, false, stop",
    "release, Fenced, 1, true, stop",
    "copy, Unavailable, 13, false, retry",
    "copy, Unavailable, 14, false, roll_back",
    "switch, Unavailable, 99, true, retry",
    "release, TargetFull, 99, false, retry",
    "catch_up, CopyDiffers, 1, false, retry",
    "catch_up, CopyDiffers, 2, false, roll_back",
    "verify, CopyDiffers, 1, false, roll_back",
    "plan, TargetFull, 1, false, roll_back",
  })
  void aFailureIsFollowedBy(
      String step, String error, int attempt, boolean switched, String decision) {
    Map<String, Object> event =
        Map.of("step", step, "error", error, "attempt", attempt, "switched", switched);
    assertEquals(decision, new Decide().handleRequest(event, null));
  }

  @Test
  void aWriterLooksUpWhereItsEndpointWent() {
    assertEquals(new Retries.WriterDecision(LOOK_UP, 2), Retries.writerDecision("NotHere", 1, 200));
    assertEquals(new Retries.WriterDecision(RETRY, 16), Retries.writerDecision("Frozen", 9, 200));
    assertEquals(
        new Retries.WriterDecision(LOOK_UP, 250), Retries.writerDecision("Unavailable", 9, 200));
    assertEquals(new Retries.WriterDecision(GIVE_UP, 0), Retries.writerDecision("Frozen", 5, 5));
    assertEquals(new Retries.WriterDecision(GIVE_UP, 0), Retries.writerDecision("Other", 1, 5));
  }
}
