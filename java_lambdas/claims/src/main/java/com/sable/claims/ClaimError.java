package com.sable.claims;

/** A payload that could not be left or had back. A state machine catches the class by its name. */
public abstract class ClaimError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClaimError(String text) {
    super(text);
  }
}
