package com.sable.moves;

import com.sable.moves.documents.Document;
import com.sable.moves.documents.Endpoint;
import com.sable.moves.documents.Host;
import com.sable.moves.documents.MoveRequest;
import com.sable.moves.errors.AlreadyRegistered;
import com.sable.moves.errors.Cancelled;
import com.sable.moves.errors.DuplicateStart;
import com.sable.moves.errors.EndpointLocked;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.InvalidField;
import com.sable.moves.errors.TooLateToCancel;
import com.sable.moves.errors.UnknownEndpoint;
import com.sable.moves.errors.UnknownHost;
import com.sable.moves.errors.UnknownWorkflow;
import com.sable.moves.errors.WrongSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The commands that change the state, without I/O. A command changes the state that it is given and
 * returns facts, or raises a named error and changes nothing; every command may come twice.
 */
public final class FleetCommands {
  private static final Set<String> FINAL = Set.of("moved", "rolled_back");
  private static final Map<
          String, BiFunction<Map<String, Object>, Map<String, Object>, Map<String, Object>>>
      COMMANDS =
          Map.ofEntries(
              Map.entry("register_host", FleetCommands::registerHost),
              Map.entry("register_endpoint", FleetCommands::registerEndpoint),
              Map.entry("set_lock", FleetCommands::setLock),
              Map.entry("start", FleetCommands::start),
              Map.entry("claim", FleetCommands::claim),
              Map.entry("plan", FleetCommands::plan),
              Map.entry("lock", FleetCommands::lock),
              Map.entry("record", FleetCommands::record),
              Map.entry("turn_back", FleetCommands::turnBack),
              Map.entry("switch", FleetCommands::switchRoute),
              Map.entry("end_move", FleetCommands::endMove),
              Map.entry("sweep", FleetCommands::sweep),
              Map.entry("finish", FleetCommands::finish),
              Map.entry("cancel", FleetCommands::cancel),
              Map.entry("barrier", FleetCommands::barrier));

  private FleetCommands() {}

  /** Runs one command by its {@code do}. */
  public static Map<String, Object> apply(Map<String, Object> state, Map<String, Object> command) {
    String name = (String) command.get("do");
    return Optional.ofNullable(COMMANDS.get(name))
        .orElseThrow(() -> new InvalidField("there is no command " + name))
        .apply(state, command);
  }

  /** A storage host becomes known; it may come back under another address. */
  public static Map<String, Object> registerHost(
      Map<String, Object> state, Map<String, Object> command) {
    String name = (String) command.get("name");
    Map<String, Object> host = new LinkedHashMap<>();
    for (String fact : List.of("address", "capacity", "limit")) {
      host.put(fact, Document.of(command).get(fact));
    }
    Map<String, Object> hosts = Json.map(state.get("hosts"));
    Object before = hosts.get(name);
    if (before != null) {
      Map<String, Object> moved = new LinkedHashMap<>(Json.map(before));
      moved.put("address", host.get("address"));
      if (!same(moved, host)) {
        throw new AlreadyRegistered(name + " is registered with other facts");
      }
    }
    hosts.put(name, host);
    return named(name, host);
  }

  /** An endpoint becomes known at the host where its records are. */
  public static Map<String, Object> registerEndpoint(
      Map<String, Object> state, Map<String, Object> command) {
    String name = (String) command.get("name");
    String host = (String) command.get("host");
    if (!Json.map(state.get("hosts")).containsKey(host)) {
      throw new UnknownHost("there is no host " + host);
    }
    Map<String, Object> endpoints = Json.map(state.get("endpoints"));
    Map<String, Object> before = Json.map(endpoints.get(name));
    if (before != null && !Objects.equals(before.get("host"), host)) {
      throw new AlreadyRegistered(name + " is registered on " + before.get("host"));
    }
    if (before == null) {
      before = new LinkedHashMap<>();
      before.put("host", host);
      before.put("bytes", command.get("bytes"));
      before.put("locked_by", null);
      before.put("version", 1);
      endpoints.put(name, before);
    }
    return named(name, before);
  }

  /** An operator holds an endpoint, or lets go of it. */
  public static Map<String, Object> setLock(
      Map<String, Object> state, Map<String, Object> command) {
    String name = (String) command.get("name");
    Object holder = command.get("holder");
    Map<String, Object> endpoint = endpoint(state, name);
    Object wanted = Boolean.TRUE.equals(command.get("locked")) ? holder : null;
    refuseHeldByOther(name, endpoint, holder);
    endpoint.put("locked_by", wanted);
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("name", name);
    reply.put("locked_by", wanted);
    return reply;
  }

  private static void refuseHeldByOther(String name, Map<String, Object> endpoint, Object holder) {
    Object held = endpoint.get("locked_by");
    if (held != null && !held.equals(holder)) {
      throw new EndpointLocked(name + " is held by " + held);
    }
  }

  /** A workflow begins, unless its request id says that it has begun before. */
  public static Map<String, Object> start(Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> batch = Json.map(command.get("batch"));
    Map<String, Object> requests = Json.map(state.get("requests"));
    Map<String, Object> workflows = Json.map(state.get("workflows"));
    String requestId = (String) batch.get("request_id");
    String known = requestId == null ? null : (String) requests.get(requestId);
    if (known != null) {
      if (!same(Json.map(workflows.get(known)).get("batch"), batch)) {
        throw new DuplicateStart(requestId + " has started another batch");
      }
      return Map.of("workflow", known, "started", false);
    }
    Document facts = Document.of(state);
    Map<String, Endpoint> endpoints = facts.entries("endpoints", Endpoint::of);
    Map<String, Host> hosts = facts.entries("hosts", Host::of);
    List<MoveRequest> moves =
        CheckMoves.checked(
            Document.of(batch).list("moves", MoveRequest::of), endpoints, hosts.keySet());
    Map<String, String> held = held(workflows);
    for (MoveRequest move : moves) {
      if (held.containsKey(move.endpoint())) {
        throw new EndpointLocked(move.endpoint() + " is held by " + held.get(move.endpoint()));
      }
    }
    PlanMoves.planned(moves, endpoints, hosts); // raises TargetFull
    String id = (String) command.get("id");
    workflows.put(id, newWorkflow(id, batch, command.get("at"), moves));
    if (requestId != null) {
      requests.put(requestId, id);
    }
    return Map.of("workflow", id, "started", true);
  }

  /** The workflows that hold endpoints, by these. */
  private static Map<String, String> held(Map<String, Object> workflows) {
    Map<String, String> held = new HashMap<>();
    for (Object one : workflows.values()) {
      Map<String, Object> workflow = Json.map(one);
      Json.map(workflow.get("moves"))
          .forEach(
              (endpoint, move) -> {
                if (!isFinal(Json.map(move))) {
                  held.put(endpoint, (String) workflow.get("id"));
                }
              });
    }
    return held;
  }

  private static Map<String, Object> newWorkflow(
      String id, Map<String, Object> batch, Object at, List<MoveRequest> moves) {
    Map<String, Object> workflow = new LinkedHashMap<>();
    workflow.put("id", id);
    workflow.put("label", batch.get("label"));
    workflow.put("batch", batch);
    workflow.put("state", "validated");
    workflow.put("created_at", at);
    workflow.put("finished_at", null);
    workflow.put("cancelled", false);
    workflow.put("token", 0);
    workflow.put("leader", null);
    workflow.put("summary", null);
    Map<String, Object> fresh = new LinkedHashMap<>();
    moves.forEach(move -> fresh.put(move.endpoint(), newMove(move)));
    workflow.put("moves", fresh);
    return workflow;
  }

  /** A move before its first step; {@code pause_ms} stays null until it has switched. */
  private static Map<String, Object> newMove(MoveRequest move) {
    Map<String, Object> fresh = new LinkedHashMap<>();
    fresh.put("endpoint", move.endpoint());
    fresh.put("source", move.source().orElse(null));
    fresh.put("target", move.target().orElse(null));
    fresh.put("state", "waiting");
    fresh.put("step", null);
    fresh.put("bytes", 0);
    fresh.put("rows", 0);
    fresh.put("chunks", 0);
    fresh.put("copied", 0);
    fresh.put("frozen_at", null);
    fresh.put("pause_ms", null);
    fresh.put("switched", false);
    fresh.put("error", null);
    fresh.put("text", null);
    return fresh;
  }

  /** A leader takes a workflow over: whoever drove it before is fenced by the newer token. */
  public static Map<String, Object> claim(Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = workflow(state, command.get("workflow"));
    long token = Math.incrementExact(Document.of(state).whole("token"));
    state.put("token", token);
    workflow.put("token", token);
    workflow.put("leader", command.get("leader"));
    return Map.of("token", token);
  }

  /** The moves get their targets and their order. */
  public static Map<String, Object> plan(Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = fenced(state, command);
    Map<String, Object> moves = Json.map(workflow.get("moves"));
    if ("validated".equals(workflow.get("state"))) {
      Map<String, Object> planned = new LinkedHashMap<>();
      for (Object one : (List<?>) command.get("moves")) {
        Map<String, Object> facts = Json.map(one);
        String endpoint = (String) facts.get("endpoint");
        Map<String, Object> move = new LinkedHashMap<>(Json.map(moves.get(endpoint)));
        move.putAll(facts);
        planned.put(endpoint, move);
      }
      moves = planned;
      workflow.put("moves", moves);
      workflow.put("state", "running");
    }
    return Map.of("moves", moves.size());
  }

  /** The workflow holds an endpoint that still lives where the plan says. */
  public static Map<String, Object> lock(Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = fenced(state, command);
    Map<String, Object> move = driven(workflow, command);
    String name = (String) command.get("endpoint");
    Map<String, Object> endpoint = endpoint(state, name);
    refuseHeldByOther(name, endpoint, workflow.get("id"));
    if (!endpoint.get("host").equals(move.get("source")) && !isSwitched(move)) {
      throw new WrongSource(name + " lives on " + endpoint.get("host"));
    }
    endpoint.put("locked_by", workflow.get("id"));
    move.put("state", "running");
    return Map.of();
  }

  /** A step of a move is done, or says how far it is. */
  public static Map<String, Object> record(Map<String, Object> state, Map<String, Object> command) {
    driven(fenced(state, command), command).putAll(Json.map(command.get("facts")));
    return Map.of();
  }

  /** A move is given up, unless its route has switched: whoever drives it next goes by that. */
  public static Map<String, Object> turnBack(
      Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> move = driven(fenced(state, command), command);
    if (!isSwitched(move) && !isFinal(move)) {
      move.put("state", "rolling_back");
      move.put("error", command.get("error"));
      move.put("text", command.get("text"));
    }
    return Map.of("state", move.get("state"));
  }

  /** The route of an endpoint changes: from here a move can only go forward. */
  public static Map<String, Object> switchRoute(
      Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = fenced(state, command);
    Map<String, Object> move = driven(workflow, command);
    if (!isSwitched(move)) {
      boolean back = "rolling_back".equals(move.get("state"));
      if (Boolean.TRUE.equals(workflow.get("cancelled")) || back) {
        throw new Cancelled(workflow.get("id") + " was cancelled");
      }
      Map<String, Object> endpoint = endpoint(state, (String) command.get("endpoint"));
      long version = Document.of(endpoint).whole("version");
      endpoint.put("host", move.get("target"));
      endpoint.put("version", Math.incrementExact(version));
      endpoint.put("bytes", move.get("bytes"));
      move.put("switched", true);
    }
    return Map.of();
  }

  /** A move has ended: its lock is released, and what could not be cleaned is remembered. */
  public static Map<String, Object> endMove(
      Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = fenced(state, command);
    Map<String, Object> move = driven(workflow, command);
    String name = (String) command.get("endpoint");
    Map<String, Object> endpoint = endpoint(state, name);
    if (workflow.get("id").equals(endpoint.get("locked_by"))) {
      endpoint.put("locked_by", null);
    }
    move.putAll(Json.map(command.get("facts")));
    String leftover = (String) command.get("leftover");
    if (leftover != null && !leftover.isEmpty()) {
      Map<String, Object> left = new LinkedHashMap<>();
      left.put("host", leftover);
      left.put("endpoint", name);
      left.put("move", workflow.get("id"));
      left.put("token", command.get("token"));
      Json.map(state.get("leftovers")).put(leftover + "/" + name, left);
    }
    return Map.of();
  }

  /** What was left behind on a host is gone. */
  public static Map<String, Object> sweep(Map<String, Object> state, Map<String, Object> command) {
    Object left = Json.map(state.get("leftovers")).remove(command.get("key"));
    return Map.of("swept", left != null);
  }

  /** A workflow has ended with a summary. */
  public static Map<String, Object> finish(Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = fenced(state, command);
    if (!"ended".equals(workflow.get("state"))) {
      workflow.put("state", "ended");
      workflow.put("summary", command.get("summary"));
      workflow.put("finished_at", command.get("at"));
    }
    return Map.of();
  }

  /** A workflow is told to roll back; too late once a route has switched or it has ended. */
  public static Map<String, Object> cancel(Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = workflow(state, command.get("workflow"));
    String id = (String) workflow.get("id");
    if ("ended".equals(workflow.get("state"))) {
      throw new TooLateToCancel(id + " has ended");
    }
    List<Object> moves = new ArrayList<>(Json.map(workflow.get("moves")).values());
    long switched = moves.stream().filter(move -> isSwitched(Json.map(move))).count();
    if (switched > 0) {
      throw new TooLateToCancel(id + " has switched " + switched);
    }
    workflow.put("cancelled", true);
    return Map.of("workflow", id, "cancelled", true);
  }

  /** Changes nothing. */
  public static Map<String, Object> barrier(
      Map<String, Object> state, Map<String, Object> command) {
    return Map.of("token", state.get("token"));
  }

  static boolean isFinal(Map<String, Object> move) {
    return FINAL.contains(move.get("state"));
  }

  static boolean isSwitched(Map<String, Object> move) {
    return Boolean.TRUE.equals(move.get("switched"));
  }

  private static Map<String, Object> endpoint(Map<String, Object> state, String name) {
    Object endpoint = Json.map(state.get("endpoints")).get(name);
    if (endpoint == null) {
      throw new UnknownEndpoint("there is no endpoint " + name);
    }
    return Json.map(endpoint);
  }

  private static Map<String, Object> workflow(Map<String, Object> state, Object name) {
    Object workflow = Json.map(state.get("workflows")).get(name);
    if (workflow == null) {
      throw new UnknownWorkflow("there is no workflow " + name);
    }
    return Json.map(workflow);
  }

  static Map<String, Object> fenced(Map<String, Object> state, Map<String, Object> command) {
    Map<String, Object> workflow = workflow(state, command.get("workflow"));
    long token = Document.of(command).whole("token");
    long now = Document.of(workflow).whole("token");
    if (token != now) {
      throw new Fenced(token + " was followed by " + now);
    }
    return workflow;
  }

  static Map<String, Object> driven(Map<String, Object> workflow, Map<String, Object> command) {
    Object move = Json.map(workflow.get("moves")).get(command.get("endpoint"));
    if (move == null) {
      throw new InvalidField(workflow.get("id") + " does not move " + command.get("endpoint"));
    }
    return Json.map(move);
  }

  private static Map<String, Object> named(String name, Map<String, Object> facts) {
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("name", name);
    reply.putAll(facts);
    return reply;
  }

  /** Whether two documents are equal, in whatever width their numbers are held. */
  private static boolean same(Object one, Object other) {
    return Objects.equals(Json.copy(one), Json.copy(other));
  }
}
