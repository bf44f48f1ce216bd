package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Begins to move endpoints; the same request id and batch find the same workflow. The event is the
 * request. The execution has the workflow's name, so it is started once, however often this is done. */
public final class Start implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;
  private final Ids ids;
  private final Now now;
  private final Executions executions;

  /** Wires the real collaborators. */
  public Start() {
    this(TableReplica.fromEnvironment(), Ids.RANDOM, System::currentTimeMillis, StepFunctionsExecutions.fromEnvironment());
  }

  /** Takes its collaborators. */
  public Start(Replica replica, Ids ids, Now now, Executions executions) {
    this.replica = replica;
    this.ids = ids;
    this.now = now;
    this.executions = executions;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    ParseBatch.Batch batch = new ParseBatch().handleRequest(event, context);
    Map<String, Object> command =
        Map.of(
            "do", "start",
            "id", ids.next(),
            "at", now.ms(),
            "batch", document(batch));
    Map<String, Object> reply = MoveContext.insist(replica, command);
    executions.start((String) reply.get("workflow"));
    return reply;
  }

  private static Map<String, Object> document(ParseBatch.Batch batch) {
    List<Map<String, Object>> moves =
        batch.moves().stream()
            .map(
                move -> {
                  Map<String, Object> one = new LinkedHashMap<>();
                  one.put("endpoint", move.endpoint());
                  one.put("source", move.source().orElse(null));
                  one.put("target", move.target().orElse(null));
                  return one;
                })
            .toList();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("moves", moves);
    document.put("chunk_size", batch.chunk_size());
    document.put("label", batch.label());
    document.put("request_id", batch.request_id().orElse(null));
    return document;
  }
}
