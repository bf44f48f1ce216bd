package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Move;
import com.sable.moves.documents.Workflow;
import com.sable.moves.text.CodePoints;
import com.sable.moves.text.Decimals;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts by state, percent and remaining time of a workflow. */
public final class BatchProgress
    implements RequestHandler<Map<String, Object>, BatchProgress.Batch> {
  /** How far a batch is; the most frequent state comes first. */
  public record Batch(
      double percent,
      Map<String, Long> states,
      long elapsed_ms,
      Optional<BigInteger> remaining_ms,
      long copied) {}

  @Override
  public Batch handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Workflow workflow = Workflow.of(request.document("workflow"));
    List<Move> moves = workflow.moves();
    double percent = percent(moves);
    long end = workflow.finished_at().orElse(request.whole("now_ms"));
    long elapsed = Math.max(0, Math.subtractExact(end, workflow.created_at()));
    Optional<BigInteger> remaining =
        workflow.finished_at().isPresent()
            ? Optional.of(BigInteger.ZERO)
            : Progress.remainingMs(percent, elapsed);
    long copied = moves.stream().map(Move::copied).reduce(0L, Math::addExact);
    return new Batch(percent, states(moves), elapsed, remaining, copied);
  }

  private static double percent(List<Move> moves) {
    if (moves.isEmpty()) {
      return 100;
    }
    double shares = moves.stream().mapToDouble(Progress::movePercent).sum(); // whole numbers
    return Decimals.halfEven(shares / moves.size(), 1).doubleValue();
  }

  private static Map<String, Long> states(List<Move> moves) {
    Map<String, Long> counts =
        moves.stream().collect(Collectors.groupingBy(Move::state, Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry::getKey, CodePoints.ORDER))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
  }
}
