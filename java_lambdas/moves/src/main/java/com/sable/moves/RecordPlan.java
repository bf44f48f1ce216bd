package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.Map;

/**
 * Gives the moves of a workflow their targets and order, once: where it is running already, what is
 * recorded counts.
 */
public final class RecordPlan implements RequestHandler<Map<String, Object>, RecordPlan.Recorded> {
  private final Replica replica;

  /** How many moves there are, and how many of those that are left can be under way at once. */
  public record Recorded(long moves, int concurrency) {}

  /** Wires the real collaborators. */
  public RecordPlan() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public RecordPlan(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Recorded handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    String workflow = request.text("workflow");
    Map<String, Object> command =
        Map.of(
            "do", "plan",
            "workflow", workflow,
            "token", request.whole("token"),
            "moves", request.get("moves"));
    long moves = Document.of(MoveContext.insist(replica, command)).whole("moves");
    Map<String, Object> known = OpenMoves.read(replica, workflow);
    return new Recorded(moves, OpenMoves.of(replica, known).concurrency());
  }
}
