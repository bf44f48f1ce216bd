package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunksTest {
  @ParameterizedTest
  @CsvSource({
    "1000, 10, 1024, 10",
    "1001, 10, 1024, 10", // 101 bytes a row
    "1000000, 1, 1024, 1",
    "10, 10, 65536, 5000",
    "0, 10, 65536, 5000",
    "10, 0, 65536, 5000",
  })
  void aChunkHoldsRowsByTheirAverageSize(long bytes, long rows, long chunk, long expected) {
    assertEquals(
        expected,
        new RowsPerChunk()
            .handleRequest(
                Map.of("total_bytes", bytes, "total_rows", rows, "chunk_bytes", chunk), null));
  }

  @ParameterizedTest
  @CsvSource({"0, 10, 1", "10, 10, 1", "11, 10, 2", "9, 1, 9"})
  void theLastChunkMayBeSmall(long total, long rows, long chunks) {
    assertEquals(chunks, Chunks.chunkCount(total, rows));
  }

  @Test
  void thereAreNoChunksWithoutRows() {
    assertThrows(ArithmeticException.class, () -> Chunks.chunkCount(5, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "100, 200, 100",
    "100, 400, 50",
    "100, 10000, 50", // at most halved
    "100, 10, 200", // at most doubled
    "100, -50, 200", // a clock that was set back
    "1, 400, 1", // a half goes to the even 0, and one row is the least
    "3, 400, 2",
    "5, 400, 2",
    "5000, 1, 5000",
  })
  void theNextChunkTakesAboutAsLongAsItShould(long rows, double elapsed, long next) {
    assertEquals(
        next, new NextRows().handleRequest(Map.of("rows", rows, "elapsed_ms", elapsed), null));
  }

  @Test
  void theAimMayBeSaid() {
    assertEquals(
        50,
        new NextRows().handleRequest(Map.of("rows", 100, "elapsed_ms", 100, "aim_ms", 50), null));
  }

  private static ChunkBounds.Bounds bounds(List<?> rows, int wanted) {
    return new ChunkBounds().handleRequest(Map.of("rows", rows, "wanted", wanted), null);
  }

  @Test
  void aChunkEndsAtItsLastKey() {
    List<?> rows = List.of(List.of("a", "1", 5), List.of("b\u00e9", "22", 6));
    assertEquals(new ChunkBounds.Bounds(Optional.of("b\u00e9"), 2, 7, false), bounds(rows, 2));
    assertEquals(new ChunkBounds.Bounds(Optional.of("b\u00e9"), 2, 7, true), bounds(rows, 3));
  }

  @Test
  void anEmptyChunkIsTheLast() {
    assertEquals(new ChunkBounds.Bounds(Optional.empty(), 0, 0, true), bounds(List.of(), 5));
  }

  @Test
  void anAbsentValueCountsFourBytes() {
    assertEquals(5, bounds(List.of(Arrays.asList("a", null, 5)), 1).bytes());
  }
}
