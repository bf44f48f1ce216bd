package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.text.Durations;
import com.sable.moves.text.Sizes;
import com.sable.moves.text.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The summary of a workflow as lines for people. */
public final class SummaryText implements RequestHandler<Map<String, Object>, String> {
  private static final int SHOWN = 3;

  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Document workflow = request.document("workflow");
    Document facts = workflow.document("summary");
    int offset = Math.toIntExact(request.findWhole("offset_minutes").orElse(0L));
    List<String> lines = new ArrayList<>();
    lines.add(workflow.text("label") + ": " + facts.text("outcome"));
    lines.add("  finished  " + Timestamps.text(workflow.whole("finished_at"), offset));
    lines.add(
        "  moved     %s of %s (%s %%), %s"
            .formatted(
                facts.whole("moved"),
                workflow.names("moves").size(),
                facts.number("moved_percent"),
                Sizes.text(facts.whole("bytes"))));
    lines.add("  took      " + duration(facts, "elapsed_ms") + ", " + facts.text("rate"));
    lines.add(
        "  frozen    p50 %s, p99 %s"
            .formatted(duration(facts, "pause_p50_ms"), duration(facts, "pause_p99_ms")));
    facts
        .entries("errors", names -> (List<?>) names)
        .forEach((error, names) -> lines.add("  " + error + ": " + shown(names)));
    return String.join("\n", lines);
  }

  private static String duration(Document facts, String name) {
    return Durations.text(facts.number(name));
  }

  private static String shown(List<?> endpoints) {
    int left = endpoints.size() - SHOWN;
    List<String> names = endpoints.stream().limit(SHOWN).map(String.class::cast).toList();
    return String.join(", ", names) + (left > 0 ? " and " + left + " more" : "");
  }
}
