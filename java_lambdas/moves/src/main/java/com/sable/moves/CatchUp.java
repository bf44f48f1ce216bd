package com.sable.moves;

import java.util.Map;

/** Applies the changes made meanwhile, until few come at a time. */
public final class CatchUp extends MoveStep {
  private static final long SMALL = 50;
  private static final int MOST_ROUNDS = 30;

  /** Wires the real collaborators. */
  public CatchUp() {
    super(Step.CATCH_UP, FencedAttempts.fromEnvironment());
  }

  /** Takes its collaborators. */
  public CatchUp(HostClient client, Addresses addresses, Fences fences) {
    super(Step.CATCH_UP, Attempts.with(new Collaborators(null, client, addresses, fences, null)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      if (move.pullChanges().whole("pulled") < SMALL) {
        break;
      }
    }
    return Map.of();
  }
}
