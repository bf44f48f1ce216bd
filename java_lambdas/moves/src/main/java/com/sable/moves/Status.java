package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Move;
import com.sable.moves.errors.UnknownWorkflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far a workflow is: a percentile of its moves' pauses, the slowest moves, what hosts gave and
 * took; once it has ended, what came of it, as data and as text. */
public final class Status implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;
  private final Now now;

  /** Wires the real collaborators. */
  public Status() {
    this(TableReplica.fromEnvironment(), System::currentTimeMillis);
  }

  /** Takes its collaborators. */
  public Status(Replica replica, Now now) {
    this.replica = replica;
    this.now = now;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    String name = Bodies.text(event, "workflow");
    Object found = replica.view("workflows", name);
    if (found == null) {
      throw new UnknownWorkflow("there is no workflow " + name);
    }
    Document workflow = Document.of(found);
    Map<String, Object> facts = new LinkedHashMap<>(Json.map(found));
    facts.remove("batch");
    Map<String, Object> asked = Map.of("workflow", found, "now_ms", now.ms());
    facts.put("progress", new BatchProgress().handleRequest(asked, context));
    List<Move> moves = List.copyOf(workflow.entries("moves", Move::of).values());
    List<Long> pauses = moves.stream().map(Move::pause_ms).flatMap(Optional::stream).toList();
    facts.put("pause_ms", Progress.percentile(pauses, Bodies.share(event)));
    facts.put("slowest", Outcomes.slowest(moves, Math.max(0, Bodies.number(event, "slowest", 3))));
    facts.put("hosts", Outcomes.hostRows(moves));
    facts.put("crowded", crowded(workflow));
    if (workflow.text("state").equals("ended")) {
      Map<String, Object> told =
          Map.of("workflow", found, "offset_minutes", Bodies.number(event, "offset_minutes", 0));
      facts.put("text", new SummaryText().handleRequest(told, context));
    }
    return facts;
  }

  private List<CrowdedHosts.Crowd> crowded(Document workflow) {
    Map<String, Object> limits = new LinkedHashMap<>();
    Json.map(replica.view("hosts"))
        .forEach((host, known) -> limits.put(host, Json.map(known).get("limit")));
    List<Object> going =
        Json.map(workflow.get("moves")).values().stream()
            .filter(move -> !FleetCommands.isFinal(Json.map(move)))
            .filter(move -> Json.map(move).get("target") != null)
            .toList();
    return new CrowdedHosts().handleRequest(Map.of("moves", going, "limits", limits), null);
  }
}
