package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Endpoint;
import com.sable.moves.documents.Host;
import com.sable.moves.text.Sizes;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Storage hosts and how full they are; with {@code room_for}, a size, also where a new endpoint of
 * that size would go. The event is the request. */
public final class ListHosts implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;

  /** Wires the real collaborators. */
  public ListHosts() {
    this(TableReplica.fromEnvironment());
  }

  /** Takes its collaborators. */
  public ListHosts(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    Map<String, Object> hosts = Json.map(replica.view("hosts"));
    Map<String, Object> endpoints = Json.map(replica.view("endpoints"));
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("hosts", Listing.hosts(hosts, endpoints));
    if (event.containsKey("room_for")) {
      long size = Sizes.parse(event.get("room_for"));
      Document facts = Document.of(Map.of("hosts", hosts, "endpoints", endpoints));
      Map<String, BigInteger> free =
          Room.free(facts.entries("endpoints", Endpoint::of), facts.entries("hosts", Host::of));
      reply.put("emptiest", Room.chooseTarget(size, Optional.empty(), free).orElse(null));
    }
    return reply;
  }
}
