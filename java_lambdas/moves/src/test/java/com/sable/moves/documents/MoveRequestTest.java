package com.sable.moves.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.errors.InvalidField;
import com.sable.moves.errors.InvalidName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoveRequestTest {
  private static MoveRequest move(String endpoint, String source, String target) {
    return new MoveRequest(endpoint, Optional.ofNullable(source), Optional.ofNullable(target));
  }

  @Test
  void aMoveIsWrittenWithAnArrow() {
    assertEquals(move("a", null, "b"), MoveRequest.parse("a->b"));
    assertEquals(move("a", "s", "b"), MoveRequest.parse("\u00a0a @ s\t-> b\n"));
    assertEquals(move("a-", null, "b"), MoveRequest.parse("a-->b"));
  }

  @Test
  void aQuestionMarkIsAnyHost() {
    assertEquals(move("a", null, null), MoveRequest.parse("a@? -> ?"));
  }

  @Test
  void aMoveIsAnObject() {
    assertEquals(
        move("\u00e9", "s", null),
        MoveRequest.parse(Map.of("endpoint", " e\u0301", "source", "s", "target", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a -> b -> c", "a b -> c", "a@b@c -> d", "? -> b", "a ->"})
  void whatIsNoMoveIsRefused(String text) {
    assertThrows(InvalidField.class, () -> MoveRequest.parse(text));
  }

  @Test
  void anObjectHasAnEndpointAndNothingElseThanHosts() {
    for (Object move :
        List.of(
            Map.of(),
            Map.of("endpoint", 5),
            Map.of("endpoint", "a", "", "x"),
            Map.of("endpoint", "a", "source", 0),
            Map.of("endpoint", "a", "target", List.of()),
            5)) {
      assertThrows(InvalidField.class, () -> MoveRequest.parse(move));
    }
    assertThrows(InvalidField.class, () -> MoveRequest.parse(null));
  }

  @Test
  void hostsHaveNamesToo() {
    assertThrows(
        InvalidName.class, () -> MoveRequest.parse(Map.of("endpoint", "a", "target", "?")));
  }
}
