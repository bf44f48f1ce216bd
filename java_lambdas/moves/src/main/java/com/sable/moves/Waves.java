package com.sable.moves;

import com.sable.moves.documents.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Moves in the order in which hosts can take them: each wave is what {@link NextMoves} would start
 * when all before it have ended. Whoever starts them in this order seldom finds a host busy.
 */
record Waves(List<List<Move>> waves) {
  static Waves of(List<Move> moves, Map<String, Long> limits) {
    List<List<Move>> waves = new ArrayList<>();
    List<Move> waiting = new ArrayList<>(moves);
    while (!waiting.isEmpty()) {
      List<Move> wave = NextMoves.choose(waiting, List.of(), limits, NextMoves.DEFAULT_LIMIT);
      waiting.removeAll(wave);
      waves.add(wave);
    }
    return new Waves(waves);
  }

  List<Move> inOrder() {
    return waves.stream().flatMap(List::stream).toList();
  }

  /** How many moves there are at most at a time; 1 where there are none. */
  int concurrency() {
    return waves.stream().mapToInt(List::size).max().orElse(1);
  }
}
