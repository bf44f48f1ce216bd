package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.text.Names;
import com.sable.moves.text.Sizes;
import java.util.Map;

/** Makes an endpoint known at the host where its records are; the event is the request. */
public final class RegisterEndpoint implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public RegisterEndpoint() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public RegisterEndpoint(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    String name = Bodies.text(event, "name");
    String host = Bodies.text(event, "host");
    return MoveContext.insist(
        replica,
        Map.of(
            "do", "register_endpoint",
            "name", Names.canonical(name),
            "host", Names.canonical(host),
            "bytes", Sizes.parse(event.getOrDefault("bytes", 0))));
  }
}
