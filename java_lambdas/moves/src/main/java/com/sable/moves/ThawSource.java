package com.sable.moves;

import java.util.Map;

/** Lets the writers of a move that is given up write on. */
public final class ThawSource extends MoveStep {
  /** Takes its collaborators. */
  public ThawSource(HostClient client, Addresses addresses, Fences fences) {
    super(Step.ROLL_BACK, Attempts.with(new Collaborators(null, client, addresses, fences, null)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    move.thawSource();
    return Map.of();
  }
}
