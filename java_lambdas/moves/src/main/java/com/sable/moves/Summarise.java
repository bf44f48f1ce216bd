package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Move;
import com.sable.moves.documents.Summary;
import com.sable.moves.documents.Workflow;
import com.sable.moves.text.CodePoints;
import com.sable.moves.text.NameKey;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Counts, sizes, pauses and errors of a workflow whose moves have all ended. */
public final class Summarise implements RequestHandler<Map<String, Object>, Summary> {
  private static final int SLOWEST = 3;

  @Override
  public Summary handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Workflow workflow = Workflow.of(request.document("workflow"));
    return summarise(workflow, request.whole("finished_at"));
  }

  private static Summary summarise(Workflow workflow, long finishedAt) {
    List<Move> moves =
        workflow.moves().stream()
            .sorted(Comparator.comparing(move -> NameKey.of(move.endpoint())))
            .toList();
    List<Move> moved = moves.stream().filter(Move::moved).toList();
    List<Long> pauses = moves.stream().map(Move::pause_ms).flatMap(Optional::stream).toList();
    long elapsed = Math.max(0, Math.subtractExact(finishedAt, workflow.created_at()));
    long rows = total(moved, Move::rows);
    return new Summary(
        Outcomes.outcome(moves.stream().map(Move::state).toList(), workflow.cancelled()),
        moved.size(),
        moves.size() - moved.size(),
        Progress.percent(moved.size(), moves.size(), 1),
        total(moved, Move::bytes),
        rows,
        Progress.rateText(rows, elapsed, "records"),
        elapsed,
        Progress.percentile(pauses, 50),
        Progress.percentile(pauses, 99),
        Outcomes.slowest(moves, SLOWEST),
        Outcomes.hostRows(moves),
        errors(moves));
  }

  private static long total(List<Move> moves, ToLongFunction<Move> fact) {
    return moves.stream().mapToLong(fact).reduce(0, Math::addExact);
  }

  /** The endpoints that were not moved by the error of each, the most frequent error first. */
  private static Map<String, List<String>> errors(List<Move> moves) {
    Map<String, List<String>> errors =
        moves.stream()
            .filter(move -> !move.moved())
            .collect(
                Collectors.groupingBy(
                    Summarise::error, Collectors.mapping(Move::endpoint, Collectors.toList())));
    Comparator<Map.Entry<String, List<String>>> order =
        Comparator.comparing(error -> -error.getValue().size());
    return errors.entrySet().stream()
        .sorted(order.thenComparing(Map.Entry::getKey, CodePoints.ORDER))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
  }

  private static String error(Move move) {
    return move.error().filter(error -> !error.isEmpty()).orElse("unknown");
  }
}
