package com.sable.moves;

import com.sable.moves.documents.HostRow;
import com.sable.moves.documents.Move;
import com.sable.moves.text.NameKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the moves of a workflow came to. */
final class Outcomes {
  private static final Comparator<HostRow> BUSIEST =
      Comparator.comparing((HostRow row) -> row.gave() + row.took(), Comparator.reverseOrder())
          .thenComparing(row -> NameKey.of(row.host()));
  private static final Comparator<Move> LONGEST_PAUSE =
      Comparator.comparing((Move move) -> move.pause_ms().orElseThrow(), Comparator.reverseOrder())
          .thenComparing(move -> NameKey.of(move.endpoint()));

  private Outcomes() {}

  /** One word for a whole batch, from the states that its moves have ended in. */
  static String outcome(List<String> states, boolean cancelled) {
    long moved = states.stream().filter("moved"::equals).count();
    if (moved == states.size()) {
      return "moved";
    } else if (moved > 0) {
      return "partly";
    }
    return cancelled ? "cancelled" : "failed";
  }

  /** What each host gave and took, the busiest first and then by name. */
  static List<HostRow> hostRows(List<Move> moves) {
    Map<String, HostRow> rows = new HashMap<>();
    for (Move move : moves) {
      if (move.moved()) {
        String target = move.target().orElseThrow();
        add(new HostRow(move.source(), 1, 0, move.bytes()), rows);
        add(new HostRow(target, 0, 1, move.bytes()), rows);
      }
    }
    return rows.values().stream().sorted(BUSIEST).toList();
  }

  private static void add(HostRow row, Map<String, HostRow> rows) {
    rows.merge(
        row.host(),
        row,
        (one, other) ->
            new HostRow(
                one.host(),
                one.gave() + other.gave(),
                one.took() + other.took(),
                Math.addExact(one.bytes(), other.bytes())));
  }

  /** At {@code most} so many endpoints whose writers waited longest, ties by name. */
  static List<String> slowest(List<Move> moves, int most) {
    return moves.stream()
        .filter(move -> move.pause_ms().isPresent())
        .sorted(LONGEST_PAUSE)
        .limit(most)
        .map(Move::endpoint)
        .toList();
  }
}
