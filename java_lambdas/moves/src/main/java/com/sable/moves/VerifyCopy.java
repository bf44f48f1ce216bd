package com.sable.moves;

import com.sable.moves.documents.Document;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compares copy and source up to the last change that the copy has. */
public final class VerifyCopy extends MoveStep {
  /** Wires the real collaborators. */
  public VerifyCopy() {
    super(Step.VERIFY, FencedAttempts.fromEnvironment());
  }

  /** Takes its collaborators. */
  public VerifyCopy(HostClient client, Addresses addresses, Fences fences) {
    super(Step.VERIFY, Attempts.with(new Collaborators(null, client, addresses, fences, null)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    long upto = move.pullChanges().whole("last_seq");
    Document source = move.ask("source", "digest", Map.of("upto", upto));
    Map<String, Object> without = new LinkedHashMap<>();
    without.put("upto", upto);
    without.put("without", source.get("later"));
    move.checkEqual(source, move.ask("target", "digest", without));
    return Map.of();
  }
}
