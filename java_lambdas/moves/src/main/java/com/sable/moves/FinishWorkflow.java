package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.errors.MovesOpen;
import java.util.List;
import java.util.Map;

/**
 * Ends a workflow with its summary, unless moves of it are open. The event has what {@link
 * ReadWorkflow} has read and what {@link Summarise} has made of it, which is the result.
 */
public final class FinishWorkflow implements RequestHandler<Map<String, Object>, Object> {
  private static final int SHOWN = 3;

  private final Replica replica;

  /** Wires the real collaborators. */
  public FinishWorkflow() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public FinishWorkflow(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Object handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Document read = request.document("read");
    refuseOpen(Json.map(read.document("workflow").get("moves")));
    MoveContext.insist(
        replica,
        Map.of(
            "do", "finish",
            "workflow", request.text("workflow"),
            "token", request.whole("token"),
            "summary", request.get("summary"),
            "at", read.whole("finished_at")));
    return request.get("summary");
  }

  private static void refuseOpen(Map<String, Object> moves) {
    List<String> open =
        moves.entrySet().stream()
            .filter(move -> !FleetCommands.isFinal(Json.map(move.getValue())))
            .map(Map.Entry::getKey)
            .toList();
    if (!open.isEmpty()) {
      String names = String.join(", ", open.subList(0, Math.min(SHOWN, open.size())));
      throw new MovesOpen("%d moves are open: %s".formatted(open.size(), names));
    }
  }
}
