package com.sable.moves.errors;

/** A host takes part in as many moves as it may: come back later. */
public final class HostBusy extends SableError {
  private static final long serialVersionUID = 1L;

  public HostBusy(String text) {
    super(text);
  }
}
