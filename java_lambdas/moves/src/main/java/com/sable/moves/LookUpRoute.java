package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.errors.UnknownEndpoint;
import com.sable.moves.text.Names;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where an endpoint lives; the event has its {@code name}. */
public final class LookUpRoute implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public LookUpRoute() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public LookUpRoute(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    String name = Names.canonical(Bodies.text(event, "name"));
    Object endpoint = replica.view("endpoints", name);
    if (endpoint == null) {
      throw new UnknownEndpoint("there is no endpoint " + name);
    }
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("name", name);
    reply.putAll(Json.map(endpoint));
    reply.put("address", replica.view("hosts", (String) reply.get("host"), "address"));
    return reply;
  }
}
