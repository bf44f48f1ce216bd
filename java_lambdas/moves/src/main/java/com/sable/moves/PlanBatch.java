package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Endpoint;
import com.sable.moves.documents.Host;
import com.sable.moves.documents.MoveRequest;
import com.sable.moves.documents.PlannedMove;
import com.sable.moves.documents.SizedMove;
import com.sable.moves.errors.NotHere;
import com.sable.moves.text.CodePoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Gives the moves of a batch their targets, sizes and order; asks every source how large its
 * endpoints are now.
 */
public final class PlanBatch implements RequestHandler<Map<String, Object>, List<SizedMove>> {
  private final Replica fleet;
  private final HostClient storage;

  /** Wires the real collaborators. */
  public PlanBatch() {
    this(TableReplica.fromEnvironment(), new HttpHostClient());
  }

  /** Takes its collaborators: what is known of the fleet, and its hosts. */
  public PlanBatch(Replica fleet, HostClient storage) {
    this.fleet = fleet;
    this.storage = storage;
  }

  @Override
  public List<SizedMove> handleRequest(Map<String, Object> event, Context context) {
    Document workflow = Document.of(event).document("workflow");
    Map<String, Document> moves = workflow.entries("moves", Document::of);
    Map<String, Host> hosts = new LinkedHashMap<>();
    view("hosts").forEach((name, host) -> hosts.put((String) name, Host.of(host)));
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    view("endpoints").forEach((name, one) -> endpoints.put((String) name, Endpoint.of(one)));
    Map<String, Long> rows = ask(moves, hosts, endpoints);
    List<MoveRequest> wanted = new ArrayList<>();
    moves.forEach(
        (name, move) -> {
          if (!rows.containsKey(name)) {
            throw new NotHere(move.text("source") + " has no live " + name);
          }
          Optional<String> target = move.findText("target");
          wanted.add(new MoveRequest(name, Optional.of(move.text("source")), target));
        });
    long chunk = workflow.document("batch").whole("chunk_size");
    return PlanMoves.planned(wanted, endpoints, hosts).stream()
        .map(move -> sized(move, rows.get(move.endpoint()), chunk))
        .toList();
  }

  private Map<?, ?> view(String part) {
    return (Map<?, ?>) fleet.view(part);
  }

  /** The rows of the endpoints that move; what the sources say of their bytes is taken over. */
  private Map<String, Long> ask(
      Map<String, Document> moves, Map<String, Host> hosts, Map<String, Endpoint> endpoints) {
    TreeSet<String> sources = new TreeSet<>(CodePoints.ORDER);
    moves.values().forEach(move -> sources.add(move.text("source")));
    Map<String, Long> rows = new HashMap<>();
    for (String source : sources) {
      String address = Optional.ofNullable(hosts.get(source)).orElseThrow().address();
      Document inventory = Document.of(storage.get(address, "/v1/inventory"));
      for (Document found : inventory.list("endpoints", Document::of)) {
        String name = found.text("name");
        if (found.text("role").equals("live") && moves.containsKey(name)) {
          Endpoint known = Optional.ofNullable(endpoints.get(name)).orElseThrow();
          endpoints.put(name, withBytes(known, found.whole("bytes")));
          rows.put(name, found.whole("rows"));
        }
      }
    }
    return rows;
  }

  private static Endpoint withBytes(Endpoint known, long bytes) {
    return new Endpoint(known.host(), bytes, known.locked_by(), known.version());
  }

  private static SizedMove sized(PlannedMove move, long rows, long chunkBytes) {
    long perChunk = Chunks.rowsPerChunk(move.bytes(), rows, chunkBytes);
    long chunks = Chunks.chunkCount(rows, perChunk);
    return new SizedMove(
        move.endpoint(), move.source(), move.target(), move.bytes(), rows, chunks);
  }
}
