package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.text.CodePoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what differs between a source and its copy; nothing when they are equal. */
public final class CompareCopies implements RequestHandler<Map<String, Object>, List<String>> {
  private static final List<String> FACTS = List.of("count", "bytes", "last_seq", "log_count");
  private static final int SHOWN = 12;

  @Override
  public List<String> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    return differences(request.document("source"), request.document("target"));
  }

  /** What differs, each difference in words. */
  static List<String> differences(Document source, Document target) {
    List<String> differences = new ArrayList<>();
    for (String fact : FACTS) {
      Optional<Long> copied = target.findWhole(fact);
      source
          .findWhole(fact)
          .filter(own -> !copied.equals(Optional.of(own)))
          .map(own -> difference(fact, own.toString(), copied.map(String::valueOf).orElse("-")))
          .ifPresent(differences::add);
    }
    if (differences.isEmpty() && !source.text("digest").equals(target.text("digest"))) {
      differences.add(
          difference(
              "digest",
              CodePoints.first(source.text("digest"), SHOWN),
              CodePoints.first(target.text("digest"), SHOWN)));
    }
    return differences;
  }

  private static String difference(String fact, String source, String target) {
    return "%s: %s at the source, %s".formatted(fact, source, target);
  }
}
