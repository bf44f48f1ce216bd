package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses the waiting moves that may start now: no host takes part in more than its limit. */
public final class NextMoves implements RequestHandler<Map<String, Object>, List<Move>> {
  static final long DEFAULT_LIMIT = 4;

  @Override
  public List<Move> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Map<String, Long> limits = request.entries("limits", Document::wholeOf);
    long defaultLimit = request.findWhole("default_limit").orElse(DEFAULT_LIMIT);
    return choose(
        request.list("waiting", Move::of), request.list("running", Move::of), limits, defaultLimit);
  }

  /** The waiting moves that may start beside those that run. */
  static List<Move> choose(
      List<Move> waiting, List<Move> running, Map<String, Long> limits, long defaultLimit) {
    Map<Optional<String>, Long> busy = new HashMap<>();
    running.forEach(move -> occupy(move, busy));
    List<Move> chosen = new ArrayList<>();
    for (Move move : waiting) {
      boolean free =
          move.hosts().stream()
              .allMatch(
                  host -> busy.getOrDefault(host, 0L) < host.map(limits::get).orElse(defaultLimit));
      if (free) {
        occupy(move, busy);
        chosen.add(move);
      }
    }
    return chosen;
  }

  private static void occupy(Move move, Map<Optional<String>, Long> busy) {
    move.hosts().forEach(host -> busy.merge(host, 1L, Long::sum));
  }
}
