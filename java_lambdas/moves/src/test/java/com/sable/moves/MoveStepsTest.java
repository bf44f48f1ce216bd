package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.errors.CopyDiffers;
import com.sable.moves.errors.EndpointLocked;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.NotHere;
import com.sable.moves.errors.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MoveStepsTest {
  private static final Map<String, Object> DIGEST =
      Map.of("digest", "ab", "count", 1, "bytes", 2, "log_count", 3, "later", List.of("k"));
  private final Calls calls = new Calls();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong time = new AtomicLong(1000);

  private Map<String, Object> run(MoveStep step) {
    return step.handleRequest(Calls.context(), null);
  }

  private MoveStep copy() {
    Now now = () -> time.getAndAdd(400);
    return new CopyChunks(calls, calls, host -> host, numbers::getAndIncrement, now);
  }

  private MoveStep freeze() {
    return new FreezeSource(calls, host -> host, numbers::getAndIncrement, time::get);
  }

  private MoveStep rollBack(Wait wait) {
    return new RollBack(calls, calls, host -> host, numbers::getAndIncrement, wait);
  }

  @Test
  void anEndpointIsHeldBeforeItsHostsAreFenced() {
    run(new LockEndpoint(calls, calls, host -> host, numbers::getAndIncrement));
    assertEquals(List.of("lock", "S fence", "T fence"), calls.made);
    assertEquals(3_000_000_001L, calls.last("T fence").whole("token"));
  }

  @Test
  void anEndpointThatIsHeldIsNotFenced() {
    calls.reply("lock", () -> {
      throw new EndpointLocked("held");
    });
    MoveStep step = new LockEndpoint(calls, calls, host -> host, numbers::getAndIncrement);
    assertThrows(EndpointLocked.class, () -> run(step));
    assertEquals(List.of("lock"), calls.made);
  }

  @Test
  void whatIsNotKnownToBeCommittedIsCommittedAgain() {
    calls.reply("lock", () -> {
      throw new Unavailable("no majority");
    });
    calls.reply("lock", Map.of());
    run(new LockEndpoint(calls, calls, host -> host, numbers::getAndIncrement));
    assertEquals(List.of("lock", "lock", "S fence", "T fence"), calls.made);
  }

  @Test
  void aCopyGoesOnBehindItsLastKeyAndSaysHowFarItIs() {
    calls.reply("T stage", Map.of("count", 2, "last_key", "b"));
    calls.reply("T pull_chunk", Map.of("rows", 5, "last_key", "g", "done", false));
    calls.reply("T pull_chunk", Map.of("rows", 1, "last_key", "h", "done", true));
    assertEquals(Map.of("copied", 8L), run(copy()));
    assertEquals(List.of("T stage", "T pull_chunk", "record", "T pull_chunk"), calls.made);
    assertEquals(Map.of("copied", 7L), calls.last("record").get("facts"));
    assertEquals("g", calls.last("T pull_chunk").text("after"));
    assertEquals(2, calls.last("T pull_chunk").whole("rows")); // five took twice what they should
  }

  @Test
  void changesAreAppliedUntilFewCome() {
    calls.reply("T pull_changes", Map.of("pulled", 50));
    calls.reply("T pull_changes", Map.of("pulled", 49));
    run(new CatchUp(calls, host -> host, numbers::getAndIncrement));
    assertEquals(2, calls.made.size());
  }

  @Test
  void writersThatNeverRestAreNotWaitedFor() {
    calls.reply("T pull_changes", Map.of("pulled", 2000));
    run(new CatchUp(calls, host -> host, numbers::getAndIncrement));
    assertEquals(30, calls.made.size());
  }

  @Test
  void aCopyIsComparedWithoutWhatWasWrittenSince() {
    calls.reply("T pull_changes", Map.of("pulled", 0, "last_seq", 9));
    calls.reply("S digest", DIGEST).reply("T digest", DIGEST);
    run(new VerifyCopy(calls, host -> host, numbers::getAndIncrement));
    assertEquals(List.of("k"), calls.last("T digest").get("without"));
    assertFalse(calls.bodies.get(1).containsKey("without"));
  }

  @Test
  void aCopyThatDiffersLetsTheSourceThaw() {
    calls.reply("T pull_changes", Map.of("pulled", 0, "last_seq", 9));
    calls.reply("S freeze", Map.of("last_seq", 9));
    calls.reply("S digest", DIGEST).reply("T digest", DIGEST);
    calls.reply("T last_seq", Map.of("last_seq", 8));
    assertThrows(CopyDiffers.class, () -> run(freeze()));
    assertEquals("S thaw", calls.made.get(calls.made.size() - 1));
  }

  @Test
  void anEqualCopyStaysFrozen() {
    calls.reply("T pull_changes", Map.of("pulled", 0, "last_seq", 9));
    calls.reply("S freeze", Map.of("last_seq", 9));
    calls.reply("S digest", DIGEST).reply("T digest", DIGEST);
    calls.reply("T last_seq", Map.of("last_seq", 9));
    assertEquals(Map.of("frozen_at", 1000L), run(freeze()));
    assertFalse(calls.made.contains("S thaw"));
  }

  @Test
  void theSourceStopsBeforeTheTargetBegins() {
    time.set(1250);
    Map<String, Object> facts =
        run(new SwitchRoute(calls, calls, host -> host, numbers::getAndIncrement, time::get));
    assertEquals(List.of("switch", "S retire", "T activate"), calls.made);
    assertEquals(Map.of("switched", true, "pause_ms", 250L), facts);
  }

  @Test
  void onlyWhatIsRetiredIsReleased() {
    run(new ReleaseSource(calls, host -> host, numbers::getAndIncrement));
    assertEquals("retired", calls.last("S drop").text("role"));
  }

  @Test
  void aSourceThatIsGoneNeedsNoThaw() {
    calls.reply("S thaw", () -> {
      throw new NotHere("gone");
    });
    assertEquals(Map.of(), run(new ThawSource(calls, host -> host, numbers::getAndIncrement)));
  }

  @Test
  void onlyTheCopyOfThisMoveIsDropped() {
    run(new DropCopy(calls, host -> host, numbers::getAndIncrement));
    assertEquals("w", calls.last("T drop").text("move"));
  }

  @Test
  void aCopyThatCannotBeDroppedIsLeftForASweep() {
    calls.reply("T drop", () -> {
      throw new Unavailable("silent");
    });
    List<Double> waited = new ArrayList<>();
    run(rollBack(waited::add));
    assertEquals(1 + 8 + 1, calls.made.size());
    assertEquals("T", calls.last("end_move").text("leftover"));
    assertEquals(List.of(0.0, 0.0, 0.025, 0.05), waited.subList(0, 4));
  }

  @Test
  void aRollBackThatIsFencedStops() {
    calls.reply("S thaw", () -> {
      throw new Fenced("later");
    });
    assertThrows(Fenced.class, () -> run(rollBack(seconds -> false)));
    assertEquals(List.of("S thaw"), calls.made);
  }

  @Test
  void aRollBackThatCleansLeavesNothing() {
    run(rollBack(seconds -> false));
    assertNull(calls.last("end_move").get("leftover"));
    assertEquals(Map.of("state", "rolled_back"), calls.last("end_move").get("facts"));
  }

  @Test
  void aMoveIsGivenUpForTheErrorThatAStateMachineCaught() {
    calls.reply("turn_back", Map.of("state", "rolling_back"));
    Map<String, Object> error =
        Map.of(
            "Error", "com.sable.moves.errors.CopyDiffers", "Cause", "{\"errorMessage\": \"count\"}");
    Map<String, Object> event = Map.of("context", Calls.context(), "error", error);
    assertEquals(true, new TurnBack(calls).handleRequest(event, null));
    assertEquals("CopyDiffers", calls.last("turn_back").text("error"));
    assertEquals("count", calls.last("turn_back").text("text"));
  }
}
