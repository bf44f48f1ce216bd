package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.documents.MoveRequest;
import com.sable.moves.errors.EndpointLocked;
import com.sable.moves.errors.SableError;
import com.sable.moves.errors.SameSourceAndTarget;
import com.sable.moves.errors.UnknownEndpoint;
import com.sable.moves.errors.UnknownHost;
import com.sable.moves.errors.WrongSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckMovesTest {
  private static final Map<String, Object> ENDPOINTS =
      Map.of(
          "free", Map.of("host", "home", "bytes", 5),
          "held", Map.of("host", "home", "bytes", 5, "locked_by", "operator:ann"));

  private static List<MoveRequest> check(Map<String, Object> move) {
    Map<String, Object> hosts = Map.of("home", Map.of(), "other", Map.of());
    return new CheckMoves()
        .handleRequest(
            Map.of("moves", List.of(move), "endpoints", ENDPOINTS, "hosts", hosts), null);
  }

  private static void refuses(Class<? extends SableError> error, Map<String, Object> move) {
    assertThrows(error, () -> check(move));
  }

  @Test
  void aMoveLearnsItsSource() {
    MoveRequest checked = new MoveRequest("free", Optional.of("home"), Optional.of("other"));
    assertEquals(List.of(checked), check(Map.of("endpoint", "free", "target", "other")));
  }

  @Test
  void aMoveWithoutATargetIsPossible() {
    assertEquals(
        Optional.empty(), check(Map.of("endpoint", "free", "source", "home")).get(0).target());
  }

  @Test
  void eachWayToBeWrongHasItsError() {
    refuses(UnknownEndpoint.class, Map.of("endpoint", "nobody"));
    refuses(UnknownHost.class, Map.of("endpoint", "free", "target", "nowhere"));
    refuses(WrongSource.class, Map.of("endpoint", "free", "source", "other"));
    refuses(SameSourceAndTarget.class, Map.of("endpoint", "free", "target", "home"));
    refuses(EndpointLocked.class, Map.of("endpoint", "held", "target", "other"));
  }
}
