package com.sable.moves;

import java.util.Map;

/**
 * Points the route to the target; then the source answers no more, and the target begins to.
 *
 * <p>In this order no reader sees the source after a writer has written to the target.
 */
public final class SwitchRoute extends MoveStep {
  /** Wires the real collaborators. */
  public SwitchRoute() {
    super(Step.SWITCH, FencedAttempts.fromEnvironment());
  }

  /** Takes its collaborators. */
  public SwitchRoute(
      Replica replica, HostClient client, Addresses addresses, Fences fences, Now now) {
    super(Step.SWITCH, Attempts.with(new Collaborators(replica, client, addresses, fences, now)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    move.commit("switch", Map.of());
    move.tell("source", "retire");
    move.tell("target", "activate");
    long now = move.nowMs();
    long pause = Math.max(0, Math.subtractExact(now, move.move().whole("frozen_at")));
    return Map.of("switched", true, "pause_ms", pause);
  }
}
