package com.example.billing;

/** It would not be taken. */
public final class RejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RejectedException(String what) {
    super(what);
  }
}
