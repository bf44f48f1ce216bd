package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.sable.moves.documents.Document;
import java.util.Map;
import java.util.function.Function;

/** How a step is attempted. */
interface Attempts {
  /** The facts that an attempt at a step finds. */
  Map<String, Object> run(
      Step step,
      Document event,
      Context context,
      Function<MoveContext, Map<String, Object>> facts);

  /** Attempts that nobody else can be at: what the step calls is called as it is. */
  static Attempts with(Collaborators collaborators) {
    return (step, event, context, facts) -> facts.apply(new MoveContext(event, collaborators));
  }
}
