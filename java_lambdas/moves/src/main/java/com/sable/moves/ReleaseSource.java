package com.sable.moves;

import java.util.Map;

/** Deletes what the source still has. */
public final class ReleaseSource extends MoveStep {
  /** Wires the real collaborators. */
  public ReleaseSource() {
    super(Step.RELEASE, FencedAttempts.fromEnvironment());
  }

  /** Takes its collaborators. */
  public ReleaseSource(HostClient client, Addresses addresses, Fences fences) {
    super(Step.RELEASE, Attempts.with(new Collaborators(null, client, addresses, fences, null)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    move.tell("source", "drop", Map.of("role", "retired"));
    return Map.of();
  }
}
