package com.sable.moves;

import com.sable.moves.Table.Change;
import com.sable.moves.Table.Item;
import com.sable.moves.Table.Key;
import com.sable.moves.documents.Document;
import com.sable.moves.errors.Fenced;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The part of the state that one command is about: read from the table, changed by the command,
 * written back.
 *
 * <p>In the table a workflow has its moves as they were planned; a move that a step has been at is
 * an item of its own beside it, so that moves are not in each other's way. {@code holds} says which
 * workflow has which endpoint; {@code fences} counts the attempts at a move.
 */
final class Parts {
  private static final String HOSTS = "hosts";
  private static final String ENDPOINTS = "endpoints";
  private static final String WORKFLOWS = "workflows";
  private static final String REQUESTS = "requests";
  private static final String LEFTOVERS = "leftovers";
  private static final String FENCES = "fences";
  private static final String SINGLE = "single";
  private static final String TOKEN = "token";
  private static final String HOLDS = "holds";
  private static final String SWITCHES = "switches";
  private static final String FOLLOWED = "followed";

  private final Table table;
  private final Map<Key, Item> items;
  private final Map<String, Object> state = empty();
  private final List<Held> held = new ArrayList<>();

  /** An item, and how what has become of it is read out of the state. */
  private record Held(Item item, Supplier<Object> now) {}

  private Parts(Table table, Map<Key, Item> known) {
    this.table = table;
    this.items = known;
  }

  private static Map<String, Object> empty() {
    Map<String, Object> state = new LinkedHashMap<>();
    for (String part : List.of(HOSTS, ENDPOINTS, WORKFLOWS, REQUESTS, LEFTOVERS, FENCES)) {
      state.put(part, new LinkedHashMap<String, Object>());
    }
    state.put(TOKEN, 0);
    return state;
  }

  // What a command is about

  /** Those of a command; of the items that it needs only what is not known already is read. */
  static Parts of(Map<String, Object> command, Table table, Map<Key, Item> known) {
    Parts parts = new Parts(table, known);
    Document facts = Document.of(command);
    switch (facts.text("do")) {
      case "register_host" -> parts.take(HOSTS, facts.text("name"));
      case "register_endpoint" -> {
        parts.take(HOSTS, facts.text("host"));
        parts.take(ENDPOINTS, facts.text("name"));
      }
      case "set_lock" -> parts.take(ENDPOINTS, facts.text("name"));
      case "start" -> parts.takeStart(facts);
      case "claim" -> {
        parts.takeWorkflow(facts.text("workflow"), false);
        parts.state.put(TOKEN, table.count(SINGLE, TOKEN) - 1);
      }
      case "plan" -> {
        parts.takeHolds();
        parts.takeWorkflow(facts.text("workflow"), false);
      }
      case "finish", "cancel" -> parts.takeWorkflow(facts.text("workflow"), true);
      case "sweep" -> parts.take(LEFTOVERS, facts.text("key"));
      case "barrier" -> parts.takeToken();
      case "fence", "lock", "record", "turn_back", "switch", "end_move" -> parts.takeMove(facts);
      default -> parts.takeToken(); // is refused
    }
    return parts;
  }

  /** Reads at once what is asked for later, one by one. */
  private void gather(List<Key> keys) {
    List<Key> unknown = keys.stream().filter(key -> !items.containsKey(key)).distinct().toList();
    items.putAll(table.read(unknown));
  }

  private Item item(String kind, String name) {
    return items.computeIfAbsent(new Key(kind, name), key -> table.read(kind, name));
  }

  private void take(String part, String name) {
    Item item = item(part, name);
    Map<String, Object> within = Json.map(state.get(part));
    if (item.body() != null) {
      within.put(name, item.value());
    }
    held.add(new Held(item, () -> within.get(name)));
  }

  private void takeToken() {
    state.put(TOKEN, table.counted(SINGLE, TOKEN));
  }

  private void takeHolds() {
    Item item = item(SINGLE, HOLDS);
    state.put(HOLDS, Objects.requireNonNullElseGet(item.value(), LinkedHashMap::new));
    held.add(new Held(item, () -> state.get(HOLDS)));
  }

  /** A workflow; what its moves have come to is looked at where it is asked for. */
  private void takeWorkflow(String name, boolean withMoves) {
    Item item = item(WORKFLOWS, name);
    if (item.body() == null) {
      return;
    }
    Map<String, Object> workflow = Json.map(item.value());
    Object planned = Json.copy(workflow.get("moves"));
    if (withMoves) {
      table.readAll(WORKFLOWS, name + "/").values().forEach(move -> put(workflow, move));
    }
    Json.map(state.get(WORKFLOWS)).put(name, workflow);
    held.add(new Held(item, () -> withMoves ? with(workflow, planned) : workflow));
  }

  /** A workflow as it is kept: with its moves as they were planned. */
  private static Map<String, Object> with(Map<String, Object> workflow, Object planned) {
    Map<String, Object> kept = new LinkedHashMap<>(workflow);
    kept.put("moves", planned);
    return kept;
  }

  private static void put(Map<String, Object> workflow, Item move) {
    String endpoint = move.name().substring(move.name().indexOf('/') + 1);
    if (move.body() != null) {
      Json.map(workflow.get("moves")).put(endpoint, move.value());
    }
  }

  private void takeMove(Document facts) {
    String name = facts.text("workflow");
    String endpoint = facts.text("endpoint");
    String command = facts.text("do");
    gather(ofMove(facts));
    Item item = item(WORKFLOWS, name);
    if (item.body() == null) {
      return;
    }
    Map<String, Object> workflow = Json.map(item.value());
    Map<String, Object> planned = Json.map(workflow.get("moves"));
    Map<String, Object> moves = new LinkedHashMap<>(planned); // the command changes this move only
    moves.computeIfPresent(endpoint, (same, one) -> Json.copy(one));
    workflow.put("moves", moves);
    Item move = item(WORKFLOWS, name + "/" + endpoint);
    put(workflow, move);
    Json.map(state.get(WORKFLOWS)).put(name, workflow);
    held.add(new Held(item, () -> with(workflow, planned)));
    if (moves.containsKey(endpoint)) {
      Object before = Json.copy(moves.get(endpoint));
      held.add(
          new Held(
              move,
              () -> {
                boolean same = Objects.equals(before, Json.copy(moves.get(endpoint)));
                return same && move.body() == null ? null : moves.get(endpoint);
              }));
    }
    take(FENCES, name + "/" + endpoint);
    if (command.equals("switch") || command.equals("lock") || command.equals("end_move")) {
      take(ENDPOINTS, endpoint);
    }
    if (command.equals("end_move")) {
      takeHolds();
      facts.findText("leftover").ifPresent(host -> take(LEFTOVERS, host + "/" + endpoint));
    }
  }

  /** What a command about a move needs, and of a fence what the commands after it will need. */
  private static List<Key> ofMove(Document facts) {
    String move = facts.text("workflow") + "/" + facts.text("endpoint");
    String command = facts.text("do");
    List<Key> keys = new ArrayList<>();
    keys.add(new Key(WORKFLOWS, facts.text("workflow")));
    keys.add(new Key(WORKFLOWS, move));
    keys.add(new Key(FENCES, move));
    String step = command.equals("fence") ? facts.text("step") : command;
    if (List.of("lock", "switch", "end", "end_move", "roll_back").contains(step)) {
      keys.add(new Key(ENDPOINTS, facts.text("endpoint")));
    }
    if (List.of("end", "end_move", "roll_back").contains(step)) {
      keys.add(new Key(SINGLE, HOLDS));
    }
    hostsOf(facts).forEach(host -> keys.add(new Key(HOSTS, host)));
    return keys;
  }

  private static List<String> hostsOf(Document facts) {
    List<String> names = new ArrayList<>();
    facts.find(HOSTS).ifPresent(hosts -> ((List<?>) hosts).forEach(one -> names.add((String) one)));
    return names;
  }

  private void takeStart(Document facts) {
    Document batch = facts.document("batch");
    batch
        .findText("request_id")
        .ifPresent(
            id -> {
              take(REQUESTS, id);
              Object known = Json.map(state.get(REQUESTS)).get(id);
              if (known != null) {
                Object workflow = item(WORKFLOWS, (String) known).value();
                Json.map(state.get(WORKFLOWS)).put((String) known, workflow);
              }
            });
    for (String part : List.of(HOSTS, ENDPOINTS)) {
      Json.map(state.get(part)).putAll(all(table, part));
    }
    takeHolds();
    Json.map(state.get(HOLDS))
        .forEach((endpoint, workflow) -> putHolder((String) workflow, endpoint));
    String id = facts.text("id");
    Map<String, Object> workflows = Json.map(state.get(WORKFLOWS));
    held.add(new Held(item(WORKFLOWS, id), () -> workflows.get(id)));
  }

  /** A workflow that is known by what it holds only. */
  private void putHolder(String workflow, String endpoint) {
    Map<String, Object> one = Json.within(Json.map(state.get(WORKFLOWS)), workflow);
    one.putIfAbsent("id", workflow);
    Json.within(Json.within(one, "moves"), endpoint).putIfAbsent("state", "running");
  }

  // What a command does

  /** The reply of a command, which has changed this part of the state. */
  Map<String, Object> apply(Map<String, Object> command) {
    Document facts = Document.of(command);
    String name = facts.text("do");
    if (name.equals("fence")) {
      return fence(facts, command);
    }
    if (name.equals("start") && isStarted(facts)) {
      return Map.of("workflow", facts.text("id"), "started", true);
    }
    if (name.equals("claim") && isClaimed(facts)) {
      return Map.of("token", workflow(facts).get(TOKEN));
    }
    if (name.equals("claim")) {
      follow(facts);
    }
    facts.findWhole("fence").ifPresent(fence -> pass(fence, facts));
    Map<String, Object> reply = FleetCommands.apply(state, command);
    switch (name) {
      case "start" -> hold(facts.text("id"));
      case "plan" -> hold(facts.text("workflow"));
      case "end_move" ->
          hold(
              facts.text("workflow"),
              facts.text("endpoint"),
              FleetCommands.driven(FleetCommands.fenced(state, command), command));
      case "switch" -> touch(facts.text("workflow"));
      default -> {} // nothing else is kept
    }
    return reply;
  }

  /** Whether an earlier try of this very command has begun the workflow. */
  private boolean isStarted(Document facts) {
    String id = facts.text("id");
    return held.stream()
        .map(Held::item)
        .filter(item -> item.kind().equals(WORKFLOWS) && item.name().equals(id))
        .anyMatch(item -> item.body() != null && isOf(item, facts.get("batch")));
  }

  private static boolean isOf(Item workflow, Object batch) {
    return Objects.equals(Json.map(workflow.value()).get("batch"), Json.copy(batch));
  }

  /** Whether this leader has claimed the workflow already: a task may be delivered twice. */
  private boolean isClaimed(Document facts) {
    Map<String, Object> workflow = workflow(facts);
    return workflow != null && facts.text("leader").equals(workflow.get("leader"));
  }

  /**
   * An execution that another one has followed does not come back: a claim of it is one that was
   * delivered late, and would leave the workflow to nobody.
   */
  private void follow(Document facts) {
    Map<String, Object> workflow = workflow(facts);
    if (workflow == null) {
      return; // is refused
    }
    List<Object> followed = new ArrayList<>();
    if (workflow.get(FOLLOWED) instanceof List<?> known) {
      followed.addAll(known);
    }
    String leader = facts.text("leader");
    if (followed.contains(leader)) {
      throw new Fenced("%s was followed by %s".formatted(leader, workflow.get("leader")));
    }
    if (workflow.get("leader") != null) {
      followed.add(workflow.get("leader"));
      workflow.put(FOLLOWED, followed);
    }
  }

  private Map<String, Object> workflow(Document facts) {
    return Json.map(Json.map(state.get(WORKFLOWS)).get(facts.text("workflow")));
  }

  private static String moveOf(Document facts) {
    return facts.text("workflow") + "/" + facts.text("endpoint");
  }

  private Map<String, Object> fencesOf(Document facts) {
    Map<String, Object> fences = Json.within(Json.within(state, FENCES), moveOf(facts));
    fences.putIfAbsent("taken", 0);
    fences.putIfAbsent("closed", 0);
    return fences;
  }

  /** An attempt at a step begins: all earlier ones can commit nothing any more. */
  private Map<String, Object> fence(Document facts, Map<String, Object> command) {
    Map<String, Object> workflow = FleetCommands.fenced(state, command);
    Map<String, Object> move = FleetCommands.driven(workflow, command);
    Step step = Step.of(facts.text("step"));
    if (StepOrder.isDone(step, move)) {
      return Map.of("done", StepOrder.found(step, move));
    }
    StepOrder.check(step, move, workflow);
    Map<String, Object> fences = fencesOf(facts);
    long taken = Document.of(fences).whole("taken");
    boolean contested = taken != Document.of(fences).whole("closed");
    fences.put("taken", Math.incrementExact(taken));
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("fence", fences.get("taken"));
    reply.put("contested", contested);
    if (facts.find(HOSTS).isPresent()) {
      reply.put("addresses", addresses(hostsOf(facts)));
    }
    return reply;
  }

  private Map<String, Object> addresses(List<String> hosts) {
    Map<String, Object> found = new LinkedHashMap<>();
    for (String host : hosts) {
      Item item = item(HOSTS, host);
      if (item.body() != null) {
        found.put(host, Json.map(item.value()).get("address"));
      }
    }
    return found;
  }

  /** Refuses a command of an attempt that a later one has followed; its last one closes it. */
  private void pass(long fence, Document facts) {
    Map<String, Object> fences = fencesOf(facts);
    long taken = Document.of(fences).whole("taken");
    if (fence != taken) {
      throw new Fenced("attempt %d was followed by %d".formatted(fence, taken));
    }
    Map<String, Object> found = facts.find("facts").map(Json::map).orElse(Map.of());
    if (facts.text("do").equals("end_move") || found.containsKey("step")) {
      fences.put("closed", taken);
    }
  }

  /** The endpoints of a workflow are held by it, but for those whose moves have ended. */
  private void hold(String id) {
    Map<String, Object> workflow = Json.map(Json.map(state.get(WORKFLOWS)).get(id));
    if (workflow != null) { // else it is a request that is known already
      Json.map(workflow.get("moves")).forEach((endpoint, move) -> hold(id, endpoint, move));
    }
  }

  private void hold(String id, String endpoint, Object move) {
    Map<String, Object> holds = Json.map(state.get(HOLDS));
    if (FleetCommands.isFinal(Json.map(move))) {
      holds.remove(endpoint, id);
    } else {
      holds.put(endpoint, id);
    }
  }

  /** Writes the workflow too: a cancel at the same time must see that a route has switched. */
  private void touch(String workflow) {
    Map<String, Object> kept = Json.map(Json.map(state.get(WORKFLOWS)).get(workflow));
    kept.put(SWITCHES, Document.of(kept).findWhole(SWITCHES).orElse(0L) + 1);
  }

  /** All items that the command rests on, and what they are to be. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    for (Held one : held) {
      Object now = one.now().get();
      changes.add(new Change(one.item(), now == null ? null : Json.text(now)));
    }
    return changes;
  }

  // Views

  /** A copy of the part of the state at a path; null where there is nothing. */
  static Object view(Table table, String... path) {
    if (path.length == 0) {
      Map<String, Object> all = new LinkedHashMap<>();
      for (String part : List.of(HOSTS, ENDPOINTS, WORKFLOWS, REQUESTS, LEFTOVERS, TOKEN)) {
        all.put(part, view(table, part));
      }
      return all;
    }
    return switch (path[0]) {
      case TOKEN -> table.counted(SINGLE, TOKEN);
      case WORKFLOWS -> walk(workflows(table, path), path, Math.min(path.length, 2));
      case HOSTS, ENDPOINTS, REQUESTS, LEFTOVERS ->
          path.length == 1
              ? all(table, path[0])
              : walk(table.read(path[0], path[1]).value(), path, 2);
      default -> null;
    };
  }

  /** A copy of each of several parts; those that are one document are read at once. */
  static List<Object> views(Table table, List<List<String>> paths) {
    List<Key> keys = paths.stream().filter(Parts::isOneDocument).map(Parts::keyOf).toList();
    Map<Key, Item> items = table.read(keys.stream().distinct().toList());
    List<Object> found = new ArrayList<>();
    for (List<String> path : paths) {
      String[] way = path.toArray(String[]::new);
      found.add(
          isOneDocument(path) ? walk(items.get(keyOf(path)).value(), way, 2) : view(table, way));
    }
    return found;
  }

  private static Key keyOf(List<String> path) {
    return new Key(path.get(0), path.get(1));
  }

  /** Whether a path is within one item: not so where moves are, which have items of their own. */
  private static boolean isOneDocument(List<String> path) {
    if (path.size() < 2) {
      return false;
    }
    return path.get(0).equals(WORKFLOWS)
        ? path.size() > 2 && !path.get(2).equals("moves") && !path.get(2).equals(SWITCHES)
        : List.of(HOSTS, ENDPOINTS, REQUESTS, LEFTOVERS).contains(path.get(0));
  }

  private static Map<String, Object> all(Table table, String part) {
    Map<String, Object> found = new LinkedHashMap<>();
    table
        .readAll(part, "")
        .forEach(
            (name, item) -> {
              if (item.body() != null) {
                found.put(name, item.value());
              }
            });
    return found;
  }

  private static Object workflows(Table table, String... path) {
    if (path.length == 1) {
      return workflows(table.readAll(WORKFLOWS, ""));
    }
    Map<String, Item> found = new TreeMap<>();
    Item workflow = table.read(WORKFLOWS, path[1]);
    if (workflow.body() == null) {
      return null;
    }
    found.put(path[1], workflow);
    if (path.length == 2 || path[2].equals("moves") && path.length == 3) {
      found.putAll(table.readAll(WORKFLOWS, path[1] + "/"));
    } else if (path[2].equals("moves")) {
      Item move = table.read(WORKFLOWS, path[1] + "/" + path[3]);
      found.put(move.name(), move);
    }
    return workflows(found).get(path[1]);
  }

  /** Workflows with their moves; an item of a move comes after that of its workflow. */
  private static Map<String, Object> workflows(Map<String, Item> items) {
    Map<String, Object> workflows = new LinkedHashMap<>();
    items.forEach(
        (name, item) -> {
          if (name.indexOf('/') < 0) {
            Map<String, Object> workflow = Json.map(item.value());
            workflow.remove(SWITCHES);
            workflow.remove(FOLLOWED);
            workflows.put(name, workflow);
          }
        });
    items.forEach(
        (name, item) -> {
          if (name.indexOf('/') >= 0) {
            put(Json.map(workflows.get(name.substring(0, name.indexOf('/')))), item);
          }
        });
    return workflows;
  }

  private static Object walk(Object part, String[] path, int from) {
    Object found = part;
    for (int i = from; i < path.length; i++) {
      found = found instanceof Map<?, ?> map ? map.get(path[i]) : null;
    }
    return found;
  }
}
