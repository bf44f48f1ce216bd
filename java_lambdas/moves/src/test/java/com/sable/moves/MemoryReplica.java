package com.sable.moves;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state in memory, changed by the same commands. */
final class MemoryReplica implements Replica {
  final Map<String, Object> state = new LinkedHashMap<>();

  MemoryReplica() {
    for (String part : List.of("hosts", "endpoints", "workflows", "requests", "leftovers")) {
      state.put(part, new LinkedHashMap<String, Object>());
    }
    state.put("token", 0);
  }

  @Override
  public Map<String, Object> commit(Map<String, Object> command, double timeout) {
    return FleetCommands.apply(state, Json.map(Json.copy(command)));
  }

  @Override
  public Object view(String... path) {
    Object part = state;
    for (String key : path) {
      part = part instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return Json.copy(part);
  }
}
