package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** All that is known: for audits, and to compare what came of a workflow. */
public final class ReadState implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public ReadState() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public ReadState(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return Map.of("state", replica.view());
  }
}
