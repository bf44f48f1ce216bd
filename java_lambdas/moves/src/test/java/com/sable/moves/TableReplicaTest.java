package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sable.moves.documents.Document;
import com.sable.moves.errors.AlreadyRegistered;
import com.sable.moves.errors.Cancelled;
import com.sable.moves.errors.DuplicateStart;
import com.sable.moves.errors.EndpointLocked;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.InvalidField;
import com.sable.moves.errors.SableError;
import com.sable.moves.errors.TooLateToCancel;
import com.sable.moves.errors.Unavailable;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Needs a DynamoDB: tests/aws/test_table.py starts one and runs this. */
@EnabledIfEnvironmentVariable(named = "SABLE_TEST_ENDPOINT", matches = "http.*")
final class TableReplicaTest {
  private static final int THREADS = 16;
  private static final double PATIENCE = 60; // nobody is to give up, however slow a machine is
  private static final AtomicLong LEADERS = new AtomicLong();
  private final String table = "t" + System.nanoTime();
  private final DynamoDbClient client = client(System.getenv("SABLE_TEST_ENDPOINT"));
  private final TableReplica replica = new TableReplica(client, table);
  private final List<String> sent = new ArrayList<>();

  private static DynamoDbClient client(String endpoint) {
    return client(endpoint, new ExecutionInterceptor() {});
  }

  private static DynamoDbClient client(String endpoint, ExecutionInterceptor watching) {
    return DynamoDbClient.builder()
        .overrideConfiguration(to -> to.addExecutionInterceptor(watching))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .endpointOverride(URI.create(endpoint))
        .region(Region.EU_WEST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .build();
  }

  @BeforeEach
  void makeTable() {
    client.createTable(
        request ->
            request
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(List.of(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)))
                .attributeDefinitions(List.of(text("pk"), text("sk"))));
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  /** A command: its name, then names and values. */
  private static Map<String, Object> command(String name, Object... facts) {
    Map<String, Object> command = new LinkedHashMap<>();
    command.put("do", name);
    for (int i = 0; i < facts.length; i += 2) {
      command.put((String) facts[i], facts[i + 1]);
    }
    return command;
  }

  private static Map<String, Object> batch(String requestId, String... endpoints) {
    Map<String, Object> batch = new HashMap<>();
    List<Object> moves = new ArrayList<>();
    for (String endpoint : endpoints) {
      Map<String, Object> move = new HashMap<>();
      move.put("endpoint", endpoint);
      move.put("source", null);
      move.put("target", "target");
      moves.add(move);
    }
    batch.put("moves", moves);
    batch.put("label", "");
    batch.put("request_id", requestId);
    batch.put("chunk_size", 1024);
    return batch;
  }

  private void register(String... endpoints) {
    for (String host : List.of("source", "target")) {
      replica.commit(
          command(
              "register_host", "name", host, "address", "h:1", "capacity", 1 << 30, "limit", 4));
    }
    for (String endpoint : endpoints) {
      replica.commit(
          command("register_endpoint", "name", endpoint, "host", "source", "bytes", 10));
    }
  }

  /** A workflow that was started, claimed and planned; its token. */
  private long begin(String id, String... endpoints) {
    replica.commit(command("start", "id", id, "at", 5, "batch", batch(null, endpoints)));
    long token = token(id);
    List<Map<String, Object>> moves = new ArrayList<>();
    for (String endpoint : endpoints) {
      moves.add(
          Map.of("endpoint", endpoint, "source", "source", "target", "target", "bytes", 10));
    }
    replica.commit(command("plan", "workflow", id, "token", token, "moves", moves));
    return token;
  }

  /** The token of a leader that has claimed nothing yet. */
  private long token(String workflow) {
    String leader = "leader-" + LEADERS.incrementAndGet();
    Map<String, Object> claim = command("claim", "workflow", workflow, "leader", leader);
    return Document.of(replica.commit(claim, PATIENCE)).whole("token");
  }

  private Map<String, Object> about(String name, long token, Object... facts) {
    Map<String, Object> command = command(name, facts);
    command.put("workflow", "w");
    command.put("token", token);
    command.put("endpoint", "a");
    return command;
  }

  private long fence(long token, String step) {
    return Document.of(replica.commit(about("fence", token, "step", step))).whole("fence");
  }

  private void record(long token, String step) {
    long fence = fence(token, step);
    replica.commit(about("record", token, "facts", Map.of("step", step), "fence", fence));
  }

  /** What came of the calls of so many threads; null for a named error. */
  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> one : threads.invokeAll(calls)) {
        results.add(one.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private Optional<Map<String, Object>> committed(Map<String, Object> command) {
    try {
      return Optional.of(replica.commit(command, PATIENCE));
    } catch (Unavailable silent) {
      throw silent;
    } catch (SableError refused) {
      return Optional.empty();
    }
  }

  @Test
  void ofSixteenThreadsOneHoldsEachEndpoint() throws Exception {
    String[] names = IntStream.range(0, 5).mapToObj(i -> "e" + i).toArray(String[]::new);
    register(names);
    List<Callable<Optional<Map<String, Object>>>> calls = new ArrayList<>();
    for (int i = 0; i < THREADS * names.length; i++) {
      String name = names[i % names.length];
      String holder = "operator:" + i;
      calls.add(
          () -> committed(command("set_lock", "name", name, "holder", holder, "locked", true)));
    }
    long winners = together(calls).stream().filter(Optional::isPresent).count();
    assertEquals(names.length, winners);
  }

  @Test
  void aTokenIsGivenOnce() throws Exception {
    String[] names = IntStream.range(0, THREADS).mapToObj(i -> "e" + i).toArray(String[]::new);
    register(names);
    for (String name : names) {
      Map<String, Object> batch = batch(null, name);
      replica.commit(command("start", "id", "w-" + name, "at", 5, "batch", batch));
    }
    List<Callable<Long>> calls = new ArrayList<>();
    for (int i = 0; i < 4 * THREADS; i++) {
      String workflow = "w-" + names[i % THREADS];
      calls.add(() -> token(workflow));
    }
    List<Long> tokens = together(calls);
    assertEquals(tokens.size(), new HashSet<>(tokens).size());
    long most = tokens.stream().mapToLong(Long::longValue).max().orElseThrow();
    assertEquals(most, replica.view("token"));
  }

  @Test
  void aClaimThatComesTwiceIsOne() {
    register("a");
    replica.commit(command("start", "id", "w", "at", 5, "batch", batch(null, "a")));
    Map<String, Object> claim = command("claim", "workflow", "w", "leader", "once");
    long token = Document.of(replica.commit(claim)).whole("token");
    assertEquals(token, Document.of(replica.commit(claim)).whole("token"));
  }

  @Test
  void anExecutionThatWasFollowedClaimsNothingAnyMore() {
    register("a");
    replica.commit(command("start", "id", "w", "at", 5, "batch", batch(null, "a")));
    Map<String, Object> first = command("claim", "workflow", "w", "leader", "first");
    Map<String, Object> second = command("claim", "workflow", "w", "leader", "second");
    replica.commit(first);
    long token = Document.of(replica.commit(second)).whole("token");
    assertThrows(Fenced.class, () -> replica.commit(first));
    assertEquals(token, Document.of(replica.commit(second)).whole("token"));
    assertFalse(Json.map(replica.view("workflows", "w")).containsKey("followed"));
  }

  @Test
  void noHostHasMoreTurnsThanItsLimitAndThoseOfEndedMovesAreTakenAgain() throws Exception {
    Turns turns = new TableTurns(new Table(client, table));
    Map<String, Long> limits = Map.of("source-1", 3L, "target-1", 5L);
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String move = "w/e" + i;
      calls.add(() -> turns.take(move, limits, ended -> false));
    }
    assertEquals(3, together(calls).stream().filter(taken -> taken).count());
    assertEquals(3, together(calls).stream().filter(taken -> taken).count()); // the same three
    assertEquals(false, turns.take("w/late", limits, ended -> false));
    assertEquals(true, turns.take("w/late", limits, ended -> true));
    assertEquals(true, turns.take("w/other", Map.of("target-1", 5L), ended -> false));
  }

  @Test
  void ofAttemptsAtOnceEachHasItsOwnFence() throws Exception {
    register("a");
    long token = begin("w", "a");
    List<Callable<Long>> calls = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Map<String, Object> fence = about("fence", token, "step", "lock");
      calls.add(() -> Document.of(replica.commit(fence, PATIENCE)).whole("fence"));
    }
    assertEquals(THREADS, new HashSet<>(together(calls)).size());
    assertEquals(THREADS + 1, fence(token, "lock"));
  }

  @Test
  void ofWorkflowsThatWantOneEndpointOneBegins() throws Exception {
    register("a");
    List<Callable<Optional<Map<String, Object>>>> calls = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String id = "w" + i;
      calls.add(
          () -> committed(command("start", "id", id, "at", 5, "batch", batch(null, "a"))));
    }
    assertEquals(1, together(calls).stream().filter(Optional::isPresent).count());
    assertEquals(1, ((Map<?, ?>) replica.view("workflows")).size());
  }

  @Test
  void aStartThatComesTwiceStartsOnce() {
    register("a", "b");
    Map<String, Object> start = command("start", "id", "w", "at", 5, "batch", batch("day:1", "a"));
    assertEquals(true, replica.commit(start).get("started"));
    assertEquals("w", replica.commit(start).get("workflow"));
    Map<String, Object> again = command("start", "id", "v", "at", 6, "batch", batch("day:1", "a"));
    assertEquals(Map.of("workflow", "w", "started", false), replica.commit(again));
    Map<String, Object> other = command("start", "id", "v", "at", 6, "batch", batch("day:1", "b"));
    assertThrows(DuplicateStart.class, () -> replica.commit(other));
    assertNull(replica.view("workflows", "v"));
  }

  @Test
  void aHostKeepsItsFacts() {
    register();
    Map<String, Object> moved =
        command(
            "register_host", "name", "source", "address", "h:2", "capacity", 1 << 30, "limit", 4);
    replica.commit(moved);
    assertEquals("h:2", replica.view("hosts", "source", "address"));
    moved.put("limit", 5);
    assertThrows(AlreadyRegistered.class, () -> replica.commit(moved));
    assertNull(replica.view("hosts", "nowhere", "address"));
  }

  @Test
  void theWholeWayOfAMove() {
    register("a", "b");
    long token = begin("w", "a");
    replica.commit(about("lock", token, "fence", fence(token, "lock")));
    assertEquals("w", replica.view("endpoints", "a", "locked_by"));
    Map<String, Object> held = command("start", "id", "v", "at", 6, "batch", batch(null, "a"));
    assertThrows(EndpointLocked.class, () -> replica.commit(held));
    for (String step : List.of("lock", "copy", "catch_up", "verify", "freeze")) {
      record(token, step);
    }
    long fence = fence(token, "switch");
    replica.commit(about("switch", token, "fence", fence));
    replica.commit(about("switch", token, "fence", fence)); // its reply was lost
    assertEquals(2, replica.view("endpoints", "a", "version"));
    assertEquals("target", replica.view("endpoints", "a", "host"));
    Map<String, Object> cancel = command("cancel", "workflow", "w");
    assertThrows(TooLateToCancel.class, () -> replica.commit(cancel));
    Map<String, Object> facts = Map.of("step", "switch", "switched", true, "pause_ms", 3);
    replica.commit(about("record", token, "facts", facts, "fence", fence));
    assertEquals(
        Map.of("done", Map.of("switched", true, "pause_ms", 3)),
        replica.commit(about("fence", token, "step", "switch")));
    record(token, "release");
    Map<String, Object> moved = Map.of("state", "moved");
    replica.commit(about("end_move", token, "facts", moved, "fence", fence(token, "end")));
    assertNull(replica.view("endpoints", "a", "locked_by"));
    assertEquals("moved", replica.view("workflows", "w", "moves", "a", "state"));
    Map<?, ?> workflow = (Map<?, ?>) replica.view("workflows", "w");
    assertFalse(workflow.containsKey("switches"));
    replica.commit(command("finish", "workflow", "w", "token", token, "summary", "s", "at", 9));
    assertEquals("ended", replica.view("workflows", "w", "state"));
  }

  @Test
  void aLaterAttemptEndsEarlierOnes() {
    register("a");
    long token = begin("w", "a");
    long first = fence(token, "lock");
    Map<String, Object> again = replica.commit(about("fence", token, "step", "lock"));
    assertEquals(true, again.get("contested"));
    Map<String, Object> late = about("lock", token, "fence", first);
    assertThrows(Fenced.class, () -> replica.commit(late));
    Map<String, Object> facts = Map.of("step", "lock");
    long fence = Document.of(again).whole("fence");
    replica.commit(about("record", token, "facts", facts, "fence", fence));
    assertEquals(
        false, replica.commit(about("fence", token, "step", "copy")).get("contested"));
    assertThrows(InvalidField.class, () -> fence(token, "verify"));
  }

  /** Another client of the table, for one attempt, that notes what it sends. */
  private Replica attempt() {
    ExecutionInterceptor noting =
        new ExecutionInterceptor() {
          @Override
          public void beforeExecution(
              Context.BeforeExecution context, ExecutionAttributes attributes) {
            sent.add(context.request().getClass().getSimpleName());
          }
        };
    DynamoDbClient noted = client(System.getenv("SABLE_TEST_ENDPOINT"), noting);
    return new TableReplica(noted, table).remembering();
  }

  @Test
  void anAttemptReadsOnceWhatItsCommandsRestOn() {
    register("a");
    long token = begin("w", "a");
    Replica attempt = attempt();
    Map<String, Object> fence = about("fence", token, "step", "lock");
    fence.put("hosts", List.of("source", "target", "nowhere"));
    Map<String, Object> taken = attempt.commit(fence);
    assertEquals(Map.of("source", "h:1", "target", "h:1"), taken.get("addresses"));
    attempt.commit(about("lock", token, "fence", taken.get("fence")));
    Map<String, Object> facts = Map.of("step", "lock");
    attempt.commit(about("record", token, "facts", facts, "fence", taken.get("fence")));
    String write = "TransactWriteItemsRequest";
    assertEquals(List.of("BatchGetItemRequest", write, write, write), sent);
    assertEquals("w", replica.view("endpoints", "a", "locked_by"));
    assertEquals("lock", replica.view("workflows", "w", "moves", "a", "step"));
  }

  @Test
  void whatAnAttemptRemembersIsNeverTakenForWhatTheTableHolds() {
    register("a", "b");
    long token = begin("w", "a", "b");
    Replica attempt = attempt();
    Object first = attempt.commit(about("fence", token, "step", "lock")).get("fence");
    Map<String, Object> other = about("switch", token);
    other.put("endpoint", "b");
    replica.commit(other); // writes the workflow, which the attempt goes by
    attempt.commit(about("lock", token, "fence", first));
    assertEquals("w", replica.view("endpoints", "a", "locked_by"));
    fence(token, "lock");
    Map<String, Object> late = about("record", token, "facts", Map.of("step", "lock"));
    late.put("fence", first);
    assertThrows(Fenced.class, () -> attempt.commit(late));
    assertNull(((Map<?, ?>) replica.view("workflows", "w", "moves", "a")).get("step"));
  }

  @Test
  void aRefusalOnWhatIsRememberedIsLookedAtOnceMore() {
    register("a");
    long token = begin("w", "a");
    Replica attempt = attempt();
    Map<String, Object> wrong = about("fence", token, "step", "copy");
    Map<String, Object> fence = attempt.commit(about("fence", token, "step", "lock"));
    replica.commit(
        about("record", token, "facts", Map.of("step", "lock"), "fence", fence.get("fence")));
    assertEquals(2, Document.of(attempt.commit(wrong)).whole("fence")); // now lock is done
  }

  @Test
  void aMoveThatWasGivenUpOnlyGoesBack() {
    register("a");
    long token = begin("w", "a");
    record(token, "lock");
    long copying = fence(token, "copy");
    assertThrows(InvalidField.class, () -> fence(token, "roll_back"));
    Map<String, Object> turn = about("turn_back", token, "error", "NotHere", "text", "t");
    assertEquals(Map.of("state", "rolling_back"), replica.commit(turn));
    assertThrows(Fenced.class, () -> fence(token, "copy"));
    long back = fence(token, "roll_back");
    Map<String, Object> late =
        about("record", token, "facts", Map.of("step", "copy"), "fence", copying);
    assertThrows(Fenced.class, () -> replica.commit(late));
    Map<String, Object> end =
        about("end_move", token, "facts", Map.of("state", "rolled_back"), "leftover", "target");
    end.put("fence", back);
    replica.commit(end);
    replica.commit(end);
    assertEquals(1, ((Map<?, ?>) replica.view("leftovers")).size());
    Map<String, Object> sweep = command("sweep", "key", "target/a");
    assertEquals(Map.of("swept", true), replica.commit(sweep));
    assertEquals(Map.of("swept", false), replica.commit(sweep));
    assertEquals(Map.of("done", Map.of()), replica.commit(about("fence", token, "step", "end")));
  }

  @Test
  void aCancelAndASwitchAtOnceDoNotBothWin() throws Exception {
    register("a");
    long token = begin("w", "a");
    List<Callable<Optional<Map<String, Object>>>> calls = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Map<String, Object> command =
          i % 2 == 0 ? command("cancel", "workflow", "w") : about("switch", token);
      calls.add(() -> committed(command));
    }
    together(calls);
    Object cancelled = replica.view("workflows", "w", "cancelled");
    Object switched = replica.view("workflows", "w", "moves", "a", "switched");
    assertTrue(cancelled.equals(true) ^ switched.equals(true));
    if (cancelled.equals(true)) {
      assertThrows(Cancelled.class, () -> fence(token, "lock"));
    }
  }

  @Test
  void aSilentTableIsUnavailable() {
    try (DynamoDbClient nobody = client("http://127.0.0.1:9")) {
      TableReplica silent = new TableReplica(nobody, table);
      assertThrows(Unavailable.class, () -> silent.commit(command("barrier")));
      assertThrows(Unavailable.class, () -> silent.view("hosts"));
    }
  }
}
