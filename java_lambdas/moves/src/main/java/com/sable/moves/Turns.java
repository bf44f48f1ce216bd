package com.sable.moves;

import java.util.Map;
import java.util.function.Predicate;

/** Who has a turn at a host: no host takes part in more moves at a time than it may. */
@FunctionalInterface
public interface Turns {
  /**
   * Whether a move has its turn at all of the hosts: it has had it, or takes it now.
   *
   * @param move what names it among all moves of all workflows
   * @param limits how many moves each host takes at a time
   * @param ended whether a move that has had its turn has ended, so that its turn is free
   */
  boolean take(String move, Map<String, Long> limits, Predicate<String> ended);
}
