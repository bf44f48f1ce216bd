package com.sable.moves;

/** Executions of BatchMoveEndpoint. */
@FunctionalInterface
public interface Executions {
  /**
   * Starts the execution of a workflow, unless it was started before; {@link
   * com.sable.moves.errors.Unavailable} where that is not known.
   */
  void start(String workflow);
}
