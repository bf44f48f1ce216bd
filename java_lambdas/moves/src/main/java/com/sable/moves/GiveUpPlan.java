package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.List;
import java.util.Map;

/** Ends all moves of a workflow that cannot be planned; the event has what a state has caught. */
public final class GiveUpPlan implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public GiveUpPlan() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public GiveUpPlan(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    String workflow = request.text("workflow");
    Document caught = request.document("error");
    String error = TurnBack.name(caught.text("Error"));
    String text = TurnBack.text(caught);
    List<Map<String, String>> ended =
        OpenMoves.read(replica, workflow).keySet().stream()
            .map(
                endpoint ->
                    Map.of(
                        "endpoint", endpoint, "state", "rolled_back", "error", error, "text", text))
            .toList();
    return MoveContext.insist(
        replica,
        Map.of(
            "do", "plan",
            "workflow", workflow,
            "token", request.whole("token"),
            "moves", ended));
  }
}
