package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.sable.moves.documents.Document;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells of one attempt at a step, in one line of JSON at its end. */
final class StepLog {
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final Context context;
  private final long began = System.nanoTime();

  private StepLog(Context context) {
    this.context = context;
  }

  static StepLog begin(Step step, Document event, Context context) {
    StepLog log = new StepLog(context);
    log.facts.put("step", step.word());
    log.facts.put("workflow", event.text("workflow"));
    log.facts.put("endpoint", event.document("move").text("endpoint"));
    log.facts.put("attempt", event.findWhole("attempt").orElse(0L));
    return log;
  }

  void done() {
    facts.put("outcome", "done");
    write();
  }

  void failed(RuntimeException error) {
    facts.put("outcome", error.getClass().getSimpleName());
    facts.put("text", error.getMessage());
    write();
  }

  private void write() {
    if (context == null || context.getLogger() == null) {
      return;
    }
    facts.put("request", context.getAwsRequestId());
    facts.put("ms", (System.nanoTime() - began) / 1_000_000);
    context.getLogger().log(Json.text(facts) + "\n");
  }
}
