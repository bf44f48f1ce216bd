package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.errors.UnknownWorkflow;
import java.util.Map;

/** A workflow as it is known now, and the moment at which it would have ended. */
public final class ReadWorkflow implements RequestHandler<Map<String, Object>, ReadWorkflow.Read> {
  private final Replica replica;
  private final Now now;

  /** What {@link PlanBatch} and {@link Summarise} take as their event. */
  public record Read(Object workflow, long finished_at) {}

  /** Wires the real collaborators. */
  public ReadWorkflow() {
    this(TableReplica.fromEnvironment(), System::currentTimeMillis);
  }

  /** Takes its collaborators. */
  public ReadWorkflow(Replica replica, Now now) {
    this.replica = replica;
    this.now = now;
  }

  @Override
  public Read handleRequest(Map<String, Object> event, Context context) {
    String name = Document.of(event).text("workflow");
    Object workflow = replica.view("workflows", name);
    if (workflow == null) {
      throw new UnknownWorkflow("there is no workflow " + name);
    }
    return new Read(workflow, now.ms());
  }
}
