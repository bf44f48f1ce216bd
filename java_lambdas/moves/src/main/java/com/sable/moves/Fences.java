package com.sable.moves;

/**
 * Serial numbers of commands to storage hosts: a host refuses a command whose number is less than
 * one that it has seen of that endpoint, so a later attempt ends all earlier ones.
 */
@FunctionalInterface
public interface Fences {
  /** A number that is greater than all before it. */
  long next();
}
