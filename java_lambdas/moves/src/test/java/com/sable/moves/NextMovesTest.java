package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sable.moves.documents.Move;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NextMovesTest {
  static Map<String, Object> move(String endpoint, String source, String target) {
    return Map.of("endpoint", endpoint, "source", source, "target", target, "state", "waiting");
  }

  private static List<String> next(List<?> waiting, List<?> running, Map<String, Integer> limits) {
    Map<String, Object> event = Map.of("waiting", waiting, "running", running, "limits", limits);
    return new NextMoves().handleRequest(event, null).stream().map(Move::endpoint).toList();
  }

  @Test
  void aHostAtItsLimitLetsLaterMovesPass() {
    List<?> waiting = List.of(move("1", "a", "b"), move("2", "a", "c"), move("3", "c", "d"));
    assertEquals(List.of("1", "3"), next(waiting, List.of(), Map.of("a", 1)));
  }

  @Test
  void runningMovesCountAtBothEnds() {
    List<?> waiting = List.of(move("1", "x", "y"));
    assertEquals(List.of(), next(waiting, List.of(move("0", "y", "z")), Map.of("y", 1)));
    assertEquals(List.of("1"), next(waiting, List.of(move("0", "y", "z")), Map.of("y", 2)));
  }

  @Test
  void aHostWithoutALimitTakesFour() {
    List<?> waiting = List.of(move("1", "x", "y"), move("2", "x", "z"));
    List<?> running = List.of(move("0", "x", "a"), move("0", "x", "b"), move("0", "x", "c"));
    assertEquals(List.of("1"), next(waiting, running, Map.of()));
  }

  @Test
  void hostsAreListedByTheRoundsThatTheyTake() {
    List<?> moves = List.of(move("1", "x", "y"), move("2", "x", "Z"), move("3", "x", "y"));
    assertEquals(
        List.of(
            new CrowdedHosts.Crowd("x", 3, 2),
            new CrowdedHosts.Crowd("y", 2, 2),
            new CrowdedHosts.Crowd("Z", 1, 1)),
        new CrowdedHosts()
            .handleRequest(Map.of("moves", moves, "limits", Map.of("x", 2, "y", 0)), null));
  }
}
