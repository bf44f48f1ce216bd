package com.sable.moves;

import com.sable.moves.documents.Document;
import com.sable.moves.documents.Move;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The moves of a workflow that have not ended. */
final class OpenMoves {
  private OpenMoves() {}

  /** In the order in which they are to be started. */
  static Waves of(Replica replica, Map<String, Object> moves) {
    Map<String, Long> limits = new LinkedHashMap<>();
    Json.map(replica.view("hosts"))
        .forEach((name, host) -> limits.put(name, Document.of(host).whole("limit")));
    List<Move> open =
        moves.values().stream()
            .filter(move -> !FleetCommands.isFinal(Json.map(move)))
            .map(Move::of)
            .toList();
    return Waves.of(open, limits);
  }

  /** The moves of a workflow as they are known, by their endpoints. */
  static Map<String, Object> read(Replica replica, String workflow) {
    return Json.map(replica.view("workflows", workflow, "moves"));
  }
}
