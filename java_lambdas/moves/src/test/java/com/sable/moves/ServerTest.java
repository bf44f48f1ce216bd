package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sable.moves.documents.Document;
import com.sable.moves.documents.Move;
import com.sable.moves.errors.Cancelled;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.HostBusy;
import com.sable.moves.errors.InvalidField;
import com.sable.moves.errors.MovesOpen;
import com.sable.moves.errors.TooLateToCancel;
import com.sable.moves.errors.Unavailable;
import com.sable.moves.errors.UnknownEndpoint;
import com.sable.moves.errors.UnknownWorkflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerTest {
  private final MemoryReplica replica = new MemoryReplica();
  private final List<String> started = new ArrayList<>();
  private long clock = 1_000;

  @BeforeEach
  void aFleet() {
    RegisterHost host = new RegisterHost(replica);
    for (String name : List.of("source-1", "target-1", "target-2")) {
      Map<String, Object> body =
          Map.of("name", name, "address", "127.0.0.1:20001", "capacity", "1 MiB", "limit", 2);
      assertEquals(name, host.handleRequest(body, null).get("name"));
    }
    for (int number = 0; number < 5; number++) {
      Map<String, Object> body =
          Map.of("name", " e" + number, "host", "source-1", "bytes", 100 + number);
      new RegisterEndpoint(replica).handleRequest(body, null);
    }
  }

  private Start start(String id) {
    return new Start(replica, () -> id, () -> clock, started::add);
  }

  private static Map<String, Object> batch(String requestId, Object... moves) {
    return Map.of("moves", List.of(moves), "request_id", requestId);
  }

  private Map<String, Object> look(String name) {
    return new LookUpRoute(replica).handleRequest(Map.of("name", name), null);
  }

  @Test
  void aRouteIsLookedUpUnderAnyFormOfItsName() {
    assertEquals("127.0.0.1:20001", look(" e1 ").get("address"));
    assertThrows(UnknownEndpoint.class, () -> look("nobody"));
    assertThrows(InvalidField.class, () -> look(""));
  }

  @Test
  void anOperatorHoldsAnEndpointAndLetsGo() {
    SetLock lock = new SetLock(replica);
    lock.handleRequest(Map.of("name", "e1", "holder", "ops", "locked", true), null);
    assertEquals("operator:ops", look("e1").get("locked_by"));
    Map<String, Object> query = Map.of("locked", "yes");
    Map<String, Object> listed = new ListEndpoints(replica).handleRequest(query, null);
    assertEquals(1, ((List<?>) listed.get("endpoints")).size());
    lock.handleRequest(Map.of("name", "e1", "holder", "ops", "locked", false), null);
    assertNull(look("e1").get("locked_by"));
  }

  @Test
  void hostsSayHowFullTheyAreAndWhereThereIsRoom() {
    ListHosts hosts = new ListHosts(replica);
    assertFalse(hosts.handleRequest(Map.of(), null).containsKey("emptiest"));
    Map<String, Object> told = hosts.handleRequest(Map.of("room_for", "1 MiB"), null);
    assertEquals("target-1", told.get("emptiest"));
    assertNull(hosts.handleRequest(Map.of("room_for", "2 MiB"), null).get("emptiest"));
  }

  @Test
  void aStartThatIsRepeatedFindsTheSameWorkflowAndStartsItAgainUnderItsName() {
    start("batch-1").handleRequest(batch("day:1", "e1 -> target-1"), null);
    Map<String, Object> again =
        start("batch-2").handleRequest(batch("day:1", "e1 -> target-1"), null);
    assertEquals(Map.of("workflow", "batch-1", "started", false), again);
    assertEquals(List.of("batch-1", "batch-1"), started);
  }

  @Test
  void aStartThatIsRefusedStartsNothing() {
    assertThrows(
        UnknownEndpoint.class,
        () -> start("batch-1").handleRequest(batch("day:1", "nobody -> ?"), null));
    assertTrue(started.isEmpty());
  }

  @Test
  void aStartWhoseExecutionIsNotKnownSaysSo() {
    Executions silent =
        workflow -> {
          throw new Unavailable("no answer");
        };
    Start start = new Start(replica, () -> "batch-1", () -> clock, silent);
    assertThrows(
        Unavailable.class, () -> start.handleRequest(batch("day:1", "e1 -> target-1"), null));
    start("batch-2").handleRequest(batch("day:1", "e1 -> target-1"), null);
    assertEquals(List.of("batch-1"), started);
  }

  private long claimed(Object... moves) {
    start("batch-1").handleRequest(batch("day:1", moves), null);
    Map<String, Object> event = Map.of("workflow", "batch-1", "leader", "execution-1");
    return Document.of(new ClaimWorkflow(replica).handleRequest(event, null)).whole("token");
  }

  private RecordPlan.Recorded planned(long token, String... endpoints) {
    List<Object> moves = new ArrayList<>();
    for (String endpoint : endpoints) {
      moves.add(
          Map.of(
              "endpoint", endpoint, "source", "source-1", "target", "target-1", "bytes", 5L,
              "rows", 1L, "chunks", 1L));
    }
    Map<String, Object> event = Map.of("workflow", "batch-1", "token", token, "moves", moves);
    return new RecordPlan(replica).handleRequest(event, null);
  }

  private List<ListMoves.Listed> listed(long token) {
    Map<String, Object> event = Map.of("workflow", "batch-1", "token", token);
    return new ListMoves(replica).handleRequest(event, null);
  }

  private void end(long token, String endpoint, String state) {
    replica.commit(
        Map.of(
            "do", "end_move", "workflow", "batch-1", "token", token, "endpoint", endpoint,
            "facts", Map.of("state", state)));
  }

  private Map<String, Object> read() {
    ReadWorkflow.Read read =
        new ReadWorkflow(replica, () -> clock).handleRequest(Map.of("workflow", "batch-1"), null);
    return Map.of("workflow", read.workflow(), "finished_at", read.finished_at());
  }

  private Object finish(long token, Map<String, Object> read) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("workflow", "batch-1");
    event.put("token", token);
    event.put("read", read);
    event.put("summary", Map.of("outcome", "moved"));
    return new FinishWorkflow(replica).handleRequest(event, null);
  }

  @Test
  void asManyMovesRunAsHostsTakeAndThoseThatEndedAreNotListedAgain() {
    long token = claimed("e1 -> target-1", "e2 -> target-1", "e3 -> target-1");
    assertEquals(new RecordPlan.Recorded(3, 2), planned(token, "e3", "e2", "e1"));
    List<ListMoves.Listed> moves = listed(token);
    assertEquals(3, moves.size());
    assertEquals(65_536, moves.get(0).chunk_size());
    assertEquals("e3", Document.of(moves.get(0).move()).text("endpoint"));
    end(token, "e3", "moved");
    assertEquals(2, listed(token).size());
  }

  @Test
  void aPlanOfAnEarlierClaimIsRefused() {
    long token = claimed("e1 -> target-1");
    replica.commit(Map.of("do", "claim", "workflow", "batch-1", "leader", "execution-2"));
    assertThrows(Fenced.class, () -> planned(token, "e1"));
  }

  @Test
  void aBatchThatCannotBePlannedEndsWithWhatWasWrong() {
    long token = claimed("e1 -> target-1", "e2 -> target-1");
    String cause = "{\"errorMessage\": \"no room\", \"errorType\": \"x\"}";
    Map<String, Object> error =
        Map.of("Error", "com.sable.moves.errors.TargetFull", "Cause", cause);
    Map<String, Object> event = Map.of("workflow", "batch-1", "token", token, "error", error);
    new GiveUpPlan(replica).handleRequest(event, null);
    Document move = Document.of(replica.view("workflows", "batch-1", "moves", "e2"));
    assertEquals("rolled_back", move.text("state"));
    assertEquals("TargetFull", move.text("error"));
    assertEquals("no room", move.text("text"));
    assertTrue(listed(token).isEmpty());
  }

  @Test
  void aWorkflowWithOpenMovesDoesNotEnd() {
    long token = claimed("e1 -> target-1", "e2 -> target-1");
    planned(token, "e1", "e2");
    end(token, "e1", "moved");
    assertThrows(MovesOpen.class, () -> finish(token, read()));
    assertEquals("running", replica.view("workflows", "batch-1", "state"));
    end(token, "e2", "rolled_back");
    clock = 2_000;
    assertEquals(Map.of("outcome", "moved"), finish(token, read()));
    assertEquals(2_000, replica.view("workflows", "batch-1", "finished_at"));
  }

  @Test
  void aStatusTellsHowFarItIsAndAtTheEndWhatCameOfIt() {
    long token = claimed("e1 -> target-1");
    planned(token, "e1");
    Status status = new Status(replica, () -> clock);
    Map<String, Object> told = status.handleRequest(Map.of("workflow", "batch-1"), null);
    assertFalse(told.containsKey("batch"));
    assertFalse(told.containsKey("text"));
    assertEquals(2, ((List<?>) told.get("crowded")).size());
    for (Object wrong : List.of(100.5, -1, "most", List.of())) {
      Map<String, Object> event = Map.of("workflow", "batch-1", "percentile", wrong);
      assertThrows(InvalidField.class, () -> status.handleRequest(event, null), "" + wrong);
    }
    assertThrows(
        UnknownWorkflow.class, () -> status.handleRequest(Map.of("workflow", "batch-0"), null));
  }

  @Test
  void workflowsAreListedAsRowsOrAsText() {
    claimed("e1 -> target-1");
    ListWorkflows list = new ListWorkflows(replica, () -> clock);
    assertEquals(1, ((List<?>) list.handleRequest(Map.of(), null).get("workflows")).size());
    Object text = list.handleRequest(Map.of("format", "text"), null).get("text");
    assertTrue(text.toString().startsWith("1 workflow: failed\n  batch-1  1970-01-01"), "" + text);
  }

  @Test
  void aCancelIsTooLateOnceARouteHasSwitched() {
    long token = claimed("e1 -> target-1");
    planned(token, "e1");
    Cancel cancel = new Cancel(replica);
    assertEquals(true, cancel.handleRequest(Map.of("workflow", "batch-1"), null).get("cancelled"));
    Map<String, Object> workflow = Json.map(Json.map(replica.state.get("workflows")).get("batch-1"));
    Json.map(Json.map(workflow.get("moves")).get("e1")).put("switched", true);
    assertThrows(
        TooLateToCancel.class, () -> cancel.handleRequest(Map.of("workflow", "batch-1"), null));
  }

  private Map<String, Object> event(String endpoint, Object... more) {
    Map<String, Object> move = new LinkedHashMap<>();
    move.put("endpoint", endpoint);
    move.put("source", "source-1");
    move.put("target", "target-1");
    for (int at = 0; at < more.length; at += 2) {
      move.put((String) more[at], more[at + 1]);
    }
    return Map.of("workflow", "batch-1", "token", 1L, "move", move);
  }

  /** Turns as a table keeps them, in memory. */
  private static final class MemoryTurns implements Turns {
    final Map<String, Set<String>> taken = new LinkedHashMap<>();

    @Override
    public boolean take(
        String move, Map<String, Long> limits, Predicate<String> ended) {
      for (Map.Entry<String, Long> host : limits.entrySet()) {
        Set<String> turns = taken.computeIfAbsent(host.getKey(), name -> new TreeSet<>());
        turns.removeIf(ended);
        if (!turns.contains(move) && turns.size() >= host.getValue()) {
          return false;
        }
      }
      limits.keySet().forEach(host -> taken.get(host).add(move));
      return true;
    }
  }

  @Test
  void aMoveWaitsUntilBothHostsTakeOneMore() {
    long token = claimed("e1 -> target-1", "e2 -> target-1", "e3 -> target-1");
    planned(token, "e1", "e2", "e3");
    AdmitMove admit = new AdmitMove(replica, new MemoryTurns());
    admit.handleRequest(event("e1"), null);
    admit.handleRequest(event("e2"), null);
    admit.handleRequest(event("e2"), null);
    assertThrows(HostBusy.class, () -> admit.handleRequest(event("e3"), null));
    end(token, "e1", "moved");
    admit.handleRequest(event("e3"), null);
  }

  @Test
  void aMoveThatHasNotBegunIsNotAdmittedAfterACancel() {
    long token = claimed("e1 -> target-1");
    planned(token, "e1");
    new Cancel(replica).handleRequest(Map.of("workflow", "batch-1"), null);
    AdmitMove admit = new AdmitMove(replica, new MemoryTurns());
    assertThrows(Cancelled.class, () -> admit.handleRequest(event("e1"), null));
    admit.handleRequest(event("e1", "step", "switch"), null);
  }

  @Test
  void leftoversAreSweptUnlessTheirHostIsSilent() {
    for (String host : List.of("target-1", "target-2")) {
      Json.map(replica.state.get("leftovers"))
          .put(
              host + "/e1",
              Map.of("host", host, "endpoint", "e1", "move", "batch-0", "token", 3));
    }
    Json.map(Json.map(replica.state.get("hosts")).get("target-2")).put("address", "silent");
    List<Map<String, Object>> sent = new ArrayList<>();
    HostClient client =
        (address, method, path, body, timeout) -> {
          if (address.equals("silent")) {
            throw new Unavailable("no answer");
          }
          sent.add(body);
          return Map.of();
        };
    assertEquals(
        Map.of("swept", 1L), new SweepLeftovers(replica, client).handleRequest(Map.of(), null));
    assertEquals(3_999_999_999L, sent.get(0).get("token"));
    assertEquals(Set.of("target-2/e1"), Json.map(replica.view("leftovers")).keySet());
  }

  @Test
  void wavesHoldEveryHostsLimit() {
    List<Move> moves = new ArrayList<>();
    for (int number = 0; number < 9; number++) {
      Map<String, Object> move =
          Map.of(
              "endpoint", "e" + number, "source", "s" + number % 2, "target", "t" + number % 3,
              "state", "waiting");
      moves.add(Move.of(move));
    }
    Waves waves = Waves.of(moves, Map.of("s0", 2L, "s1", 1L, "t0", 1L, "t1", 2L, "t2", 1L));
    assertEquals(9, Set.copyOf(waves.inOrder()).size());
    assertEquals(3, waves.concurrency());
    assertEquals(1, Waves.of(List.of(), Map.of()).concurrency());
  }
}
