package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records the end of a move, which releases its lock. The event has the {@code context} of the
 * move, the {@code state} that it ends in, and maybe more {@code facts}.
 */
public final class EndMove implements RequestHandler<Map<String, Object>, Object> {
  private final Attempts attempts;

  /** Wires the real collaborators. */
  public EndMove() {
    this.attempts = FencedAttempts.fromEnvironment();
  }

  /** Takes its collaborators. */
  public EndMove(Replica replica) {
    this.attempts = Attempts.with(new Collaborators(replica, null, null, null, null));
  }

  @Override
  public Object handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Map<String, Object> facts = request.find("facts").map(Json::map).orElse(Map.of());
    return attempts.run(
        Step.END,
        request.document("context"),
        context,
        move -> {
          end(move, request.text("state"), facts);
          return null;
        });
  }

  /** Commits that a move has ended in a state. */
  static void end(MoveContext move, String state, Map<String, Object> more) {
    Map<String, Object> command = new LinkedHashMap<>();
    command.put("facts", Map.of("state", state));
    command.putAll(more);
    move.commit("end_move", command);
  }
}
