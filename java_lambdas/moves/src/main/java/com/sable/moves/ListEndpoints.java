package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** Endpoints, filtered and ordered; the event is the query. */
public final class ListEndpoints implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public ListEndpoints() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public ListEndpoints(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return Map.of("endpoints", Listing.endpoints(Json.map(replica.view("endpoints")), event));
  }
}
