package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.List;
import java.util.Map;

/**
 * The moves of a workflow that have not ended, each as its first step takes it, in the order in
 * which hosts can take them.
 */
public final class ListMoves
    implements RequestHandler<Map<String, Object>, List<ListMoves.Listed>> {
  private final Replica replica;

  /** The event of a move's first step. */
  public record Listed(String workflow, long token, long chunk_size, Object move) {}

  /** Wires the real collaborators. */
  public ListMoves() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public ListMoves(Replica replica) {
    this.replica = replica;
  }

  @Override
  public List<Listed> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    String name = request.text("workflow");
    long token = request.whole("token");
    Document workflow = Document.of(replica.view("workflows", name));
    long chunk = workflow.document("batch").whole("chunk_size");
    Map<String, Object> moves = Json.map(workflow.get("moves"));
    return OpenMoves.of(replica, moves).inOrder().stream()
        .map(move -> new Listed(name, token, chunk, moves.get(move.endpoint())))
        .toList();
  }
}
