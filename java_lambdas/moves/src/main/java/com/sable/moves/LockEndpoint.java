package com.sable.moves;

import java.util.Map;

/** Holds the endpoint, and fences off whoever drove this move before. */
public final class LockEndpoint extends MoveStep {
  /** Wires the real collaborators. */
  public LockEndpoint() {
    super(Step.LOCK, FencedAttempts.fromEnvironment());
  }

  /** Takes its collaborators. */
  public LockEndpoint(Replica replica, HostClient client, Addresses addresses, Fences fences) {
    super(Step.LOCK, Attempts.with(new Collaborators(replica, client, addresses, fences, null)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    move.commit("lock", Map.of());
    move.fenceHosts();
    return Map.of();
  }
}
