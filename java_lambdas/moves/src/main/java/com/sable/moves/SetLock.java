package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.text.Names;
import java.util.Map;

/** An operator, {@code holder}, holds an endpoint so that no move takes it, or lets go of it. */
public final class SetLock implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public SetLock() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public SetLock(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    String holder = "operator:" + Bodies.text(event, "holder");
    String name = Names.canonical(Bodies.text(event, "name"));
    return MoveContext.insist(
        replica,
        Map.of(
            "do", "set_lock",
            "name", name,
            "holder", holder,
            "locked", Document.of(event).flag("locked")));
  }
}
