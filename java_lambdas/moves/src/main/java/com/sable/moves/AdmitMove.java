package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.errors.Cancelled;
import com.sable.moves.errors.HostBusy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets a move begin as soon as both of its hosts take one more: {@link HostBusy} until then. A
 * host's limit holds for all workflows together.
 */
public final class AdmitMove implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;
  private final Turns turns;

  /** Wires the real collaborators. */
  public AdmitMove() {
    this(TableReplica.fromEnvironment(), TableReplica.turnsFromEnvironment());
  }

  /** Takes its collaborators. */
  public AdmitMove(Replica replica, Turns turns) {
    this.replica = replica;
    this.turns = turns;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Document move = request.document("move");
    String workflow = request.text("workflow");
    List<String> hosts = List.of(move.text("source"), move.text("target"));
    List<Object> known =
        replica.views(
            List.of(
                List.of("workflows", workflow, "cancelled"),
                List.of("hosts", hosts.get(0), "limit"),
                List.of("hosts", hosts.get(1), "limit")));
    boolean begun = move.findText("step").isPresent();
    if (!begun && Boolean.TRUE.equals(known.get(0))) {
      throw new Cancelled(workflow + " was cancelled");
    }
    Map<String, Long> limits = new LinkedHashMap<>();
    for (int side = 0; side < hosts.size(); side++) {
      Object limit = known.get(side + 1);
      limits.put(hosts.get(side), limit == null ? NextMoves.DEFAULT_LIMIT : Document.wholeOf(limit));
    }
    String name = workflow + "/" + move.text("endpoint");
    if (!turns.take(name, limits, this::hasEnded)) {
      throw new HostBusy("%s waits for a turn at %s".formatted(name, limits.keySet()));
    }
    return Map.of();
  }

  private boolean hasEnded(String name) {
    int slash = name.indexOf('/');
    String endpoint = name.substring(slash + 1);
    Object move = replica.view("workflows", name.substring(0, slash), "moves", endpoint);
    return move == null || FleetCommands.isFinal(Json.map(move));
  }
}
