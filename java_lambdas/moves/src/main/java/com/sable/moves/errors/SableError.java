package com.sable.moves.errors;

/**
 * A failure with a name that callers can act on: the simple name of its class, by which a state
 * machine catches it.
 */
public abstract class SableError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SableError(String text) {
    super(text);
  }
}
