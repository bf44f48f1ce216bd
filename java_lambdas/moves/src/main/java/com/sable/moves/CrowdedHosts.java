package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Move;
import com.sable.moves.text.NameKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lists hosts by the rounds that their limit makes them take, the slowest first. */
public final class CrowdedHosts
    implements RequestHandler<Map<String, Object>, List<CrowdedHosts.Crowd>> {
  /** A host, the moves that it takes part in, and the rounds that these take. */
  public record Crowd(String host, long moves, long rounds) {
    static final Comparator<Crowd> ORDER =
        Comparator.comparing(Crowd::rounds, Comparator.reverseOrder())
            .thenComparing(Crowd::moves, Comparator.reverseOrder())
            .thenComparing(crowd -> NameKey.of(crowd.host));
  }

  @Override
  public List<Crowd> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Map<String, Long> limits = request.entries("limits", Document::wholeOf);
    Map<String, Long> parts =
        request.list("moves", Move::of).stream()
            .flatMap(move -> move.hosts().stream())
            .flatMap(Optional::stream)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return parts.entrySet().stream()
        .map(part -> crowd(part.getKey(), part.getValue(), limits.get(part.getKey())))
        .sorted(Crowd.ORDER)
        .toList();
  }

  private static Crowd crowd(String host, long moves, Long limit) {
    long atOnce = limit == null ? 1 : Math.max(limit, 1);
    return new Crowd(host, moves, -Math.floorDiv(-moves, atOnce));
  }
}
