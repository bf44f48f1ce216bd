package com.sable.claims;

/** Another payload is under the key already; a key is written once. */
public final class ClaimTaken extends ClaimError {
  private static final long serialVersionUID = 1L;

  ClaimTaken(String text) {
    super(text);
  }
}
