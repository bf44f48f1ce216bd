package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.documents.Move;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, 100.0",
    "-1, 0, 1, 0.0",
    "0, 3, 1, 0.0",
    "1, 3, 1, 33.3",
    "1, 800, 1, 0.1",
    "1, 16, 1, 6.3",
    "9999, 10000, 1, 99.9",
    "10000, 10000, 1, 100.0",
    "-1, 100000, 1, -0.0",
    "999, 1000, 0, 99",
    "2, 3, -1, 70",
  })
  void aShareIsRoundedHalfUpAndNotTo100(long part, long whole, int digits, double percent) {
    assertEquals(percent, Progress.percent(part, whole, digits));
  }

  private static Move move(String state, String step, long rows, long copied) {
    Map<String, Object> move =
        new HashMap<>(Map.of("endpoint", "e", "source", "s", "state", state));
    move.put("step", step);
    move.put("rows", rows);
    move.put("copied", copied);
    return Move.of(move);
  }

  @Test
  void aMoveIsAsFarAsItsStepsAndRows() {
    assertEquals(0.0, Progress.movePercent(move("waiting", null, 0, 0)));
    assertEquals(2.0, Progress.movePercent(move("running", "lock", 0, 0)));
    assertEquals(22.0, Progress.movePercent(move("running", "lock", 3, 1)));
    assertEquals(62.0, Progress.movePercent(move("running", "lock", 3, 9)));
    assertEquals(62.0, Progress.movePercent(move("running", "copy", 3, 1)));
    assertEquals(100.0, Progress.movePercent(move("running", "release", 0, 0)));
    assertEquals(100.0, Progress.movePercent(move("rolled_back", "lock", 3, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "5, 0, - rows/s",
    "0, 1000, 0.0 rows/s",
    "25, 20000, 1.2 rows/s",
    "99, 1000, 99.0 rows/s",
    "1005, 10000, 100 rows/s", // 100.5, to the even number
    "1234567, 1000, '1,234,567 rows/s'",
  })
  void aRateIsWholeFrom100On(long count, double milliseconds, String text) {
    assertEquals(text, Progress.rateText(count, milliseconds, "rows"));
  }

  @Test
  void theRestIsKnownFromOnePercentOn() {
    assertEquals(Optional.empty(), Progress.remainingMs(0.9, 1000));
    assertEquals(Optional.empty(), Progress.remainingMs(50, -1));
    assertEquals(Optional.of(BigInteger.valueOf(1001)), Progress.remainingMs(50, 1000.5));
    assertThrows(
        NumberFormatException.class, () -> Progress.remainingMs(1, Double.POSITIVE_INFINITY));
  }

  @Test
  void aPercentileIsASample() {
    List<Long> samples = List.of(30L, 10L, 20L, 40L);
    assertEquals(10L, Progress.percentile(samples, 0));
    assertEquals(20L, Progress.percentile(samples, 50));
    assertEquals(30L, Progress.percentile(samples, 50.1));
    assertEquals(40L, Progress.percentile(samples, 99));
    assertEquals(0.0, Progress.percentile(List.<Long>of(), 50));
    assertThrows(IllegalArgumentException.class, () -> Progress.percentile(samples, 100.5));
    assertThrows(IllegalArgumentException.class, () -> Progress.percentile(samples, Double.NaN));
  }

  private static Map<String, Object> workflow(Long finishedAt, String... states) {
    Map<String, Object> moves = new LinkedHashMap<>();
    for (String state : states) {
      String name = "e" + moves.size();
      moves.put(
          name, Map.of("endpoint", name, "source", "s", "state", state, "copied", 7, "rows", 10));
    }
    Map<String, Object> workflow = new HashMap<>(Map.of("created_at", 1000, "moves", moves));
    workflow.put("finished_at", finishedAt);
    return workflow;
  }

  private static BatchProgress.Batch progress(Map<String, Object> workflow, long now) {
    return new BatchProgress().handleRequest(Map.of("workflow", workflow, "now_ms", now), null);
  }

  @Test
  void aBatchIsTheMeanOfItsMoves() {
    BatchProgress.Batch batch =
        progress(workflow(null, "waiting", "moved", "waiting", "running"), 2000);
    assertEquals(25.0, batch.percent());
    assertEquals(List.of("waiting", "moved", "running"), List.copyOf(batch.states().keySet()));
    assertEquals(1000, batch.elapsed_ms());
    assertEquals(Optional.of(BigInteger.valueOf(3000)), batch.remaining_ms());
    assertEquals(28, batch.copied());
  }

  @Test
  void aBatchThatHasEndedTakesNoLonger() {
    BatchProgress.Batch batch = progress(workflow(1500L, "rolled_back"), 9000);
    assertEquals(500, batch.elapsed_ms());
    assertEquals(Optional.of(BigInteger.ZERO), batch.remaining_ms());
  }

  @Test
  void anEmptyBatchIsDoneAndAClockSetBackIsNoTime() {
    BatchProgress.Batch batch = progress(workflow(null), 500);
    assertEquals(100.0, batch.percent());
    assertEquals(0, batch.elapsed_ms());
  }
}
