package com.sable.moves;

import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.SableError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Brings a move that is given up to its end: writers go on at the source; a copy that cannot be
 * deleted now is left for a sweep.
 */
public final class RollBack extends MoveStep {
  private static final long CLEANING_ATTEMPTS = 8;
  private static final double MS_OF_A_SECOND = 1000.0;

  private final Wait wait;

  /** Wires the real collaborators. */
  public RollBack() {
    super(Step.ROLL_BACK, FencedAttempts.fromEnvironment());
    this.wait = Wait.SLEEPING;
  }

  /** Takes its collaborators. */
  public RollBack(
      Replica replica, HostClient client, Addresses addresses, Fences fences, Wait wait) {
    super(
        Step.ROLL_BACK,
        Attempts.with(new Collaborators(replica, client, addresses, fences, null)));
    this.wait = wait;
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    untilDone(move::thawSource, OptionalLong.empty());
    boolean cleaned = untilDone(move::dropCopy, OptionalLong.of(CLEANING_ATTEMPTS));
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("leftover", cleaned ? null : move.move().text("target"));
    EndMove.end(move, "rolled_back", more);
    return null;
  }

  private boolean untilDone(Runnable step, OptionalLong most) {
    for (long attempt = 0; most.isEmpty() || attempt < most.getAsLong(); attempt++) {
      wait.of(Retries.waitMs(attempt) / MS_OF_A_SECOND);
      try {
        step.run();
        return true;
      } catch (Fenced later) {
        throw later;
      } catch (SableError again) {
        continue;
      }
    }
    return false;
  }
}
