package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.errors.InvalidField;
import com.sable.moves.errors.InvalidSize;
import com.sable.moves.errors.RepeatedEndpoint;
import com.sable.moves.errors.SableError;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParseBatchTest {
  private static ParseBatch.Batch parse(String name, Object value) {
    Map<String, Object> body = new HashMap<>(Map.of("moves", List.of("a -> b")));
    body.put(name, value);
    return new ParseBatch().handleRequest(body, null);
  }

  private static void refuses(Class<? extends SableError> error, String name, Object value) {
    assertThrows(error, () -> parse(name, value));
  }

  @Test
  void whatIsNotSaidHasADefault() {
    ParseBatch.Batch batch = parse("other", 1);
    assertEquals(65536, batch.chunk_size());
    assertEquals("move", batch.label());
    assertEquals(Optional.empty(), batch.request_id());
  }

  @Test
  void aBatchHasOneToAThousandMoves() {
    List<String> moves = IntStream.range(0, 1001).mapToObj(i -> "e" + i + " -> b").toList();
    assertEquals(1000, parse("moves", moves.subList(0, 1000)).moves().size());
    refuses(InvalidField.class, "moves", moves);
    refuses(InvalidField.class, "moves", List.of());
    refuses(InvalidField.class, "moves", "a -> b");
    refuses(InvalidField.class, "moves", null);
  }

  @Test
  void anEndpointIsNamedOnceHoweverItIsSpelled() {
    refuses(RepeatedEndpoint.class, "moves", List.of("\u00e9 -> b", "e\u0301 -> c"));
    assertEquals(2, parse("moves", List.of("a -> b", "A -> b")).moves().size());
  }

  @Test
  void aChunkIs1KibTo8Gib() {
    assertEquals(1024, parse("chunk_size", 1024).chunk_size());
    assertEquals(1L << 33, parse("chunk_size", "8 GiB").chunk_size());
    refuses(InvalidField.class, "chunk_size", 1023);
    refuses(InvalidField.class, "chunk_size", (1L << 33) + 1);
    refuses(InvalidSize.class, "chunk_size", null);
    refuses(InvalidSize.class, "chunk_size", true);
  }

  @Test
  void aLabelIsOneLineOf80Characters() {
    assertEquals("a b", parse("label", " a \n\u3000b ").label());
    String clef = "\ud834\udd1e";
    assertEquals(clef.repeat(80), parse("label", clef.repeat(81)).label());
    assertEquals("", parse("label", "  ").label());
    for (Object nothing : List.of("", 0, -0.0, false, List.of(), Map.of())) {
      assertEquals("move", parse("label", nothing).label());
    }
    refuses(InvalidField.class, "label", 5);
    refuses(InvalidField.class, "label", Collections.singletonList(null));
  }

  @Test
  void aRequestIdIsKeptAsItIs() {
    assertEquals(Optional.of("a:1._-"), parse("request_id", "a:1._-").request_id());
    assertEquals(Optional.empty(), parse("request_id", null).request_id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "-abcd", "abcd\n", "ab cd", "abc\u00e9"})
  void whatIsNoRequestIdIsRefused(String id) {
    refuses(InvalidField.class, "request_id", id);
  }
}
