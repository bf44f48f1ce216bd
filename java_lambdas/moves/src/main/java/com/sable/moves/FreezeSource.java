package com.sable.moves;

import com.sable.moves.documents.Document;
import com.sable.moves.errors.SableError;
import java.util.Map;

/** Stops the writers, applies the last changes, compares everything once more. */
public final class FreezeSource extends MoveStep {
  /** Wires the real collaborators. */
  public FreezeSource() {
    super(Step.FREEZE, FencedAttempts.fromEnvironment());
  }

  /** Takes its collaborators. */
  public FreezeSource(HostClient client, Addresses addresses, Fences fences, Now now) {
    super(Step.FREEZE, Attempts.with(new Collaborators(null, client, addresses, fences, now)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    move.pullChanges(); // the target answers and has little to catch up
    long frozenAt = move.nowMs();
    try {
      compareFrozen(move, move.tell("source", "freeze").whole("last_seq"));
    } catch (SableError error) {
      move.thawSource();
      throw error;
    }
    return Map.of("frozen_at", frozenAt);
  }

  private static void compareFrozen(MoveContext move, long lastSeq) {
    move.pullChanges();
    Map<String, Object> upto = Map.of("upto", lastSeq);
    Document source = move.ask("source", "digest", upto).with("last_seq", lastSeq);
    Document copied = move.ask("target", "digest", upto);
    Document last = move.ask("target", "last_seq", Map.of());
    move.checkEqual(source, copied.with(last));
  }
}
