package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.Map;

/**
 * A step of a move. Its event is the context of the move: {@code workflow}, {@code token}, {@code
 * chunk_size}, {@code move}; its result are the facts that are added to the move.
 */
public abstract class MoveStep implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Step step;
  private final Attempts attempts;

  MoveStep(Step step, Attempts attempts) {
    this.step = step;
    this.attempts = attempts;
  }

  @Override
  public final Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return attempts.run(step, Document.of(event), context, this::facts);
  }

  /** Does the step, from wherever an earlier attempt has left it. */
  abstract Map<String, Object> facts(MoveContext move);
}
