package com.sable.moves;

import com.sable.moves.documents.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Collaborators of steps for tests: they answer what they are told to, and note their calls. */
final class Calls implements HostClient, Replica {
  final List<String> made = new ArrayList<>();
  final List<Map<String, Object>> bodies = new ArrayList<>();
  private final Map<String, List<Supplier<Map<String, Object>>>> replies = new HashMap<>();

  /** The next call of that name gets that reply; the last one is kept for all after it. */
  Calls reply(String name, Supplier<Map<String, Object>> reply) {
    replies.computeIfAbsent(name, none -> new ArrayList<>()).add(reply);
    return this;
  }

  Calls reply(String name, Map<String, Object> reply) {
    return reply(name, () -> reply);
  }

  private Map<String, Object> answer(String name, Map<String, Object> body) {
    made.add(name);
    bodies.add(body);
    List<Supplier<Map<String, Object>>> next = replies.getOrDefault(name, List.of());
    if (next.isEmpty()) {
      return Map.of();
    }
    return (next.size() == 1 ? next.get(0) : next.remove(0)).get();
  }

  @Override
  public Map<String, Object> call(
      String address, String method, String path, Map<String, Object> body, double timeout) {
    Object command = body.getOrDefault("do", path.substring("/v1/".length()));
    return answer(address + " " + command, body);
  }

  @Override
  public Map<String, Object> commit(Map<String, Object> command, double timeout) {
    return answer((String) command.get("do"), command);
  }

  @Override
  public Object view(String... path) {
    return path[1]; // a host's address is its name here
  }

  /** The body of the last call of a name. */
  Document last(String name) {
    return Document.of(bodies.get(made.lastIndexOf(name)));
  }

  /** The context of a move. */
  static Map<String, Object> context() {
    Map<String, Object> move = new LinkedHashMap<>();
    move.put("endpoint", "orders");
    move.put("source", "S");
    move.put("target", "T");
    move.put("bytes", 100);
    move.put("rows", 10);
    move.put("frozen_at", 1000L);
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("workflow", "w");
    context.put("token", 3);
    context.put("chunk_size", 50);
    context.put("move", move);
    return context;
  }
}
