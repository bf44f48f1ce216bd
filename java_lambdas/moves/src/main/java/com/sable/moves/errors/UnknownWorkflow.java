package com.sable.moves.errors;

/** A workflow that nobody started. */
public final class UnknownWorkflow extends SableError {
  private static final long serialVersionUID = 1L;

  public UnknownWorkflow(String text) {
    super(text);
  }
}
