package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** Makes a storage host known; the event is the request. */
public final class RegisterHost implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public RegisterHost() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public RegisterHost(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    ParseHost.NewHost host = new ParseHost().handleRequest(event, context);
    return MoveContext.insist(
        replica,
        Map.of(
            "do", "register_host",
            "name", host.name(),
            "address", host.address(),
            "capacity", host.capacity(),
            "limit", host.limit()));
  }
}
