package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a move goes back from now on; recorded first, so that every attempt goes by it. The event
 * has the {@code context} of the move and the {@code error} that a state machine has caught.
 */
public final class TurnBack implements RequestHandler<Map<String, Object>, Boolean> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public TurnBack() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public TurnBack(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Boolean handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Document error = request.document("error");
    Document move = request.document("context");
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("error", name(error.text("Error")));
    facts.put("text", text(error));
    Collaborators with = new Collaborators(replica, null, null, null, null);
    Object state = new MoveContext(move, with).commit("turn_back", facts).get("state");
    return "rolling_back".equals(state);
  }

  /** The simple name of the class that a Lambda has raised, or the state machine's own error. */
  static String name(String error) {
    return error.startsWith("States.") ? error : error.substring(error.lastIndexOf('.') + 1);
  }

  /** What the error says: a Lambda's failure is told as JSON, others as text. */
  static String text(Document error) {
    String cause = error.findText("Cause").orElse("");
    try {
      Map<String, Object> told = cause.startsWith("{") ? Json.object(cause) : Map.of();
      return Optional.ofNullable(told.get("errorMessage")).map(String::valueOf).orElse(cause);
    } catch (IOException notJson) {
      return cause;
    }
  }
}
