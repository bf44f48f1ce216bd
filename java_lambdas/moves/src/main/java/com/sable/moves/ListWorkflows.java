package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.List;
import java.util.Map;

/** Workflows, the youngest first, as rows or, with {@code format} of {@code text}, as lines for
 * people; the event is the query. */
public final class ListWorkflows implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;
  private final Now now;

  /** Wires the real collaborators. */
  public ListWorkflows() {
    this(TableReplica.fromEnvironment(), System::currentTimeMillis);
  }

  /** Takes its collaborators. */
  public ListWorkflows(Replica replica, Now now) {
    this.replica = replica;
    this.now = now;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    long moment = now.ms();
    Map<String, Object> workflows = Json.map(replica.view("workflows"));
    List<Map<String, Object>> rows = Listing.workflows(workflows, event, moment);
    if (!"text".equals(event.get("format"))) {
      return Map.of("workflows", rows);
    }
    int offset = Bodies.number(event, "offset_minutes", 0);
    String since = (String) event.get("since");
    return Map.of("text", Listing.workflowsText(rows, since, moment, offset));
  }
}
