package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** Rolls a workflow back that has not switched any route; nothing is stopped by force. */
public final class Cancel implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public Cancel() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public Cancel(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return MoveContext.insist(
        replica, Map.of("do", "cancel", "workflow", Bodies.text(event, "workflow")));
  }
}
