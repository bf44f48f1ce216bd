package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.Map;

/**
 * Takes a workflow over for an execution: whichever drove it before is fenced by the newer token. An
 * execution that asks twice has the same token twice.
 */
public final class ClaimWorkflow
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public ClaimWorkflow() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public ClaimWorkflow(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    return MoveContext.insist(
        replica,
        Map.of(
            "do", "claim",
            "workflow", request.text("workflow"),
            "leader", request.text("leader")));
  }
}
