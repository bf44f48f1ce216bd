package com.sable.moves;

import java.util.Map;

/** Calls storage hosts by their addresses. */
public interface HostClient {
  /** Seconds that a host may take, where nothing else is said. */
  double PATIENCE = 5.0;

  /**
   * The reply of a host; its named error is raised, silence is {@link
   * com.sable.moves.errors.Unavailable}.
   *
   * @param body the object that is sent, or null for none
   * @param timeout seconds that the host may take
   */
  Map<String, Object> call(
      String address, String method, String path, Map<String, Object> body, double timeout);

  /** What a host tells of itself. */
  default Map<String, Object> get(String address, String path) {
    return call(address, "GET", path, null, PATIENCE);
  }

  /** What a host answers to a command or a question. */
  default Map<String, Object> post(String address, String path, Map<String, Object> body) {
    return call(address, "POST", path, body, PATIENCE);
  }
}
