package com.sable.moves;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is known of the fleet: hosts, endpoints and their routes, workflows; and the commands that
 * change it.
 */
public interface Replica {
  /** Seconds that a command may take, where nothing else is said. */
  double PATIENCE = 3.0;

  /**
   * What a command returns, once it cannot be lost; its named error is raised, and then it has
   * changed nothing.
   *
   * <p>{@link com.sable.moves.errors.Unavailable} means that the outcome is not known: the same
   * command may be sent again.
   *
   * @param command {@code do} and what that needs
   */
  Map<String, Object> commit(Map<String, Object> command, double timeout);

  /** {@link #commit(Map, double)} with the patience that commands need. */
  default Map<String, Object> commit(Map<String, Object> command) {
    return commit(command, PATIENCE);
  }

  /** A copy of the part at {@code path}; null where there is nothing. */
  Object view(String... path);

  /** A copy of each of several parts; where they are documents they are asked for at once. */
  default List<Object> views(List<List<String>> paths) {
    List<Object> found = new ArrayList<>();
    paths.forEach(path -> found.add(view(path.toArray(String[]::new))));
    return found;
  }
}
