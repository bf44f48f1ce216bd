package com.sable.moves;

/** The clock of the workflow. */
@FunctionalInterface
public interface Now {
  /** Milliseconds since 1970, in UTC. */
  long ms();
}
