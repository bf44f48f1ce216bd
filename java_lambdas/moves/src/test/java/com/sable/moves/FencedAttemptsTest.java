package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.documents.Document;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.Unavailable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FencedAttemptsTest {
  private final Calls calls = new Calls();
  private final Attempts attempts = new FencedAttempts(() -> calls, calls, () -> 7);

  private Map<String, Object> release() {
    return attempts.run(
        Step.RELEASE,
        Document.of(Calls.context()),
        null,
        move -> {
          move.tell("source", "drop");
          return Map.of("found", 1);
        });
  }

  @Test
  void anAttemptCommitsUnderItsFenceAndRecordsItsStep() {
    calls.reply("fence", Map.of("fence", 4, "contested", false));
    assertEquals(Map.of("found", 1), release());
    assertEquals(List.of("fence", "S drop", "record"), calls.made);
    assertEquals(3_000_400_000L, calls.last("S drop").whole("token"));
    assertEquals(4, calls.last("record").whole("fence"));
    assertEquals(Map.of("found", 1, "step", "release"), calls.last("record").get("facts"));
  }

  @Test
  void hostsAreToldToRefuseAnEarlierAttemptThatMayStillLive() {
    calls.reply("fence", Map.of("fence", 5, "contested", true));
    release();
    assertEquals(List.of("fence", "S fence", "T fence", "S drop", "record"), calls.made);
  }

  @Test
  void whatIsDoneIsNotDoneAgain() {
    calls.reply("fence", Map.of("done", Map.of("found", 2)));
    assertEquals(Map.of("found", 2), release());
    assertEquals(List.of("fence"), calls.made);
  }

  @Test
  void aStepThatFailsIsNotRecorded() {
    calls.reply("fence", Map.of("fence", 4, "contested", false));
    calls.reply("S drop", () -> {
      throw new Unavailable("silent");
    });
    assertThrows(Unavailable.class, this::release);
    assertEquals(List.of("fence", "S drop"), calls.made);
  }

  @Test
  void whereHostsAreComesWithTheFence() {
    Map<String, Object> known = Map.of("S", "s:1");
    calls.reply("fence", Map.of("fence", 4, "contested", true, "addresses", known));
    release();
    assertEquals(List.of("S", "T"), calls.last("fence").get("hosts"));
    assertEquals(List.of("fence", "s:1 fence", "T fence", "s:1 drop", "record"), calls.made);
  }

  @Test
  void numbersOfALaterAttemptAreGreater() {
    Fences earlier = new FencedAttempts.Numbers(1);
    Fences later = new FencedAttempts.Numbers(2);
    long last = 0;
    for (int i = 0; i < FencedAttempts.Numbers.OF_A_FENCE; i++) {
      last = earlier.next();
    }
    assertEquals(last + 1, later.next());
    assertThrows(Fenced.class, earlier::next);
    assertThrows(IllegalStateException.class, () -> new FencedAttempts.Numbers(10_000));
  }
}
