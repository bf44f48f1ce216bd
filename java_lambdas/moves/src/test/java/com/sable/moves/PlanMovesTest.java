package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.documents.PlannedMove;
import com.sable.moves.errors.TargetFull;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanMovesTest {
  private static Map<String, Object> host(long capacity) {
    return Map.of("address", "127.0.0.1:80", "capacity", capacity, "limit", 4);
  }

  private static Map<String, Object> endpoint(long bytes) {
    return Map.of("host", "full", "bytes", bytes);
  }

  private static final Map<String, Object> ENDPOINTS =
      Map.of("small", endpoint(10), "large", endpoint(90), "Also large", endpoint(90));
  private static final Map<String, Object> HOSTS =
      Map.of("full", host(100), "a", host(100), "B", host(100));

  private static List<PlannedMove> plan(List<Map<String, Object>> moves) {
    return new PlanMoves()
        .handleRequest(Map.of("moves", moves, "endpoints", ENDPOINTS, "hosts", HOSTS), null);
  }

  private static Map<String, Object> move(String endpoint) {
    return Map.of("endpoint", endpoint, "source", "full");
  }

  @Test
  void namedTargetsFirstThenLargeBeforeSmall() {
    List<PlannedMove> planned =
        plan(
            List.of(
                move("large"),
                move("Also large"),
                Map.of("endpoint", "small", "source", "full", "target", "B")));
    assertEquals(
        List.of("small", "Also large", "large"),
        planned.stream().map(PlannedMove::endpoint).toList());
    assertEquals(List.of("B", "a", "B"), planned.stream().map(PlannedMove::target).toList());
  }

  @Test
  void whatHasNoRoomIsRefused() {
    TargetFull error =
        assertThrows(
            TargetFull.class,
            () -> plan(List.of(move("large"), Map.of("endpoint", "small", "target", "full"))));
    assertEquals("small needs 10 B, full has -90 B", error.getMessage());
  }

  @Test
  void whoNamesAnUnknownHostOrEndpointIsRefused() {
    assertThrows(NoSuchElementException.class, () -> plan(List.of(move("nobody"))));
    assertThrows(
        NoSuchElementException.class,
        () -> plan(List.of(Map.of("endpoint", "small", "source", "full", "target", "x"))));
  }

  @Test
  void equalRoomGoesToTheFirstByName() {
    Map<String, BigInteger> free = Map.of("b", BigInteger.TEN, "A", BigInteger.TEN);
    assertEquals(Optional.of("A"), Room.chooseTarget(10, Optional.of("x"), free));
    assertEquals(Optional.of("b"), Room.chooseTarget(10, Optional.of("A"), free));
    assertEquals(Optional.empty(), Room.chooseTarget(11, Optional.empty(), free));
  }
}
