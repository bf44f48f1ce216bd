package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sable.moves.documents.HostRow;
import com.sable.moves.documents.Summary;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummariseTest {
  private static Map<String, Object> moved(String endpoint, long pause) {
    return Map.of(
        "endpoint",
        endpoint,
        "source",
        "s",
        "target",
        "t",
        "state",
        "moved",
        "bytes",
        512,
        "rows",
        10,
        "pause_ms",
        pause);
  }

  private static Map<String, Object> failed(String endpoint, String error) {
    Map<String, Object> move =
        new HashMap<>(Map.of("endpoint", endpoint, "source", "s", "state", "rolled_back"));
    move.put("error", error);
    return move;
  }

  @SafeVarargs
  private static Summary summarise(Map<String, Object>... moves) {
    Map<String, Object> byName = new LinkedHashMap<>();
    for (Map<String, Object> move : moves) {
      byName.put((String) move.get("endpoint"), move);
    }
    Map<String, Object> workflow = Map.of("created_at", 1000, "moves", byName);
    return new Summarise().handleRequest(Map.of("workflow", workflow, "finished_at", 2000), null);
  }

  @Test
  void whatMovedIsCounted() {
    Summary summary = summarise(moved("b", 5), moved("A", 9), failed("c", "TargetFull"));
    assertEquals("partly", summary.outcome());
    assertEquals(2, summary.moved());
    assertEquals(66.7, summary.moved_percent());
    assertEquals(1024, summary.bytes());
    assertEquals("20.0 records/s", summary.rate());
    assertEquals(5L, summary.pause_p50_ms());
    assertEquals(9L, summary.pause_p99_ms());
    assertEquals(List.of("A", "b"), summary.slowest());
  }

  @Test
  void hostsAreInTheOrderOfWhatTheyDid() {
    assertEquals(
        List.of(new HostRow("s", 2, 0, 1024), new HostRow("t", 0, 2, 1024)),
        summarise(moved("b", 5), moved("a", 9)).hosts());
  }

  @Test
  void errorsAreInTheOrderOfTheirNumber() {
    Summary summary =
        summarise(failed("c", "B"), failed("d", null), failed("b", "A"), failed("a", "B"));
    assertEquals("failed", summary.outcome());
    assertEquals(List.of("B", "A", "unknown"), List.copyOf(summary.errors().keySet()));
    assertEquals(List.of("a", "c"), summary.errors().get("B"));
    assertEquals(0.0, summary.pause_p50_ms());
  }

  @Test
  void aBatchHasOneWord() {
    assertEquals("moved", Outcomes.outcome(List.of(), true));
    assertEquals("cancelled", Outcomes.outcome(List.of("rolled_back"), true));
    assertEquals("partly", Outcomes.outcome(List.of("rolled_back", "moved"), true));
  }

  @Test
  void theTextSaysItInLines() {
    Map<String, Object> facts =
        Map.of(
            "outcome",
            "partly",
            "moved",
            1,
            "moved_percent",
            20.0,
            "bytes",
            1536,
            "rate",
            "5.0 x/s",
            "elapsed_ms",
            61_000,
            "pause_p50_ms",
            12,
            "pause_p99_ms",
            1250.0,
            "errors",
            Map.of("TargetFull", List.of("a", "b", "c", "d")));
    Map<String, Object> workflow =
        Map.of(
            "label",
            "nightly",
            "finished_at",
            0,
            "summary",
            facts,
            "moves",
            Map.of("a", 1, "b", 1, "c", 1, "d", 1, "e", 1));
    assertEquals(
        """
        nightly: partly
          finished  1970-01-01T01:00:00.000+01:00
          moved     1 of 5 (20.0 %), 1.5 KiB
          took      1m 01s, 5.0 x/s
          frozen    p50 12 ms, p99 1.25 s
          TargetFull: a, b, c and 1 more\
        """,
        new SummaryText().handleRequest(Map.of("workflow", workflow, "offset_minutes", 60), null));
  }
}
