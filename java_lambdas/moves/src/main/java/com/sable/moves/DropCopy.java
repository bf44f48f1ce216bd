package com.sable.moves;

import java.util.Map;

/** Deletes the copy of a move that is given up. */
public final class DropCopy extends MoveStep {
  /** Takes its collaborators. */
  public DropCopy(HostClient client, Addresses addresses, Fences fences) {
    super(Step.ROLL_BACK, Attempts.with(new Collaborators(null, client, addresses, fences, null)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    move.dropCopy();
    return Map.of();
  }
}
